package dev.kapal.apiserver.authz.rbac;

import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.authz.Authorizer.Decision;
import dev.kapal.apiserver.authz.PolicyRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// All that one subject is granted in one scope, arranged by group, resource and verb, so that a question costs a few
/// look-ups however many bindings there are. Immutable once built.
final class RuleTable {
    static final RuleTable EMPTY = new RuleTable();

    private final Map<String, Map<String, Verbs>> resources = new HashMap<>();
    private final List<Url> urls = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();

    /// The verbs on one resource: each for all objects or for some names.
    private static final class Verbs {
        private final Map<String, Decision> all = new HashMap<>(4);
        private final Map<String, Map<String, Decision>> named = new HashMap<>(0);

        Decision find(String verb, String name) {
            var found = all.get(verb);
            if (found == null && !named.isEmpty()) {
                var names = named.get(verb);
                found = names == null ? null : names.get(name);
            }
            return found;
        }
    }

    /// @param path may end in `*`
    private record Url(String path, List<String> verbs, Decision decision) {
        boolean covers(RequestInfo info) {
            boolean fits = path.endsWith("*")
                    ? info.path().startsWith(stem())
                    : info.path().equals(path);
            return fits && (verbs.contains(info.verb()) || verbs.contains(PolicyRule.ALL));
        }

        private String stem() {
            int end = path.length();
            while (end > 0 && path.charAt(end - 1) == '*') {
                end--;
            }
            return path.substring(0, end);
        }
    }

    /// Used while the table is built.
    void add(List<PolicyRule> rules, Decision decision) {
        for (var rule : rules) {
            for (var url : rule.nonResourceUrls()) {
                urls.add(new Url(url, rule.verbs(), decision));
            }
            for (var group : rule.apiGroups()) {
                var inGroup = resources.computeIfAbsent(group, key -> new HashMap<>());
                for (var resource : rule.resources()) {
                    add(inGroup.computeIfAbsent(resource, key -> new Verbs()), rule, decision);
                }
            }
        }
    }

    private static void add(Verbs verbs, PolicyRule rule, Decision decision) {
        for (var verb : rule.verbs()) {
            if (rule.resourceNames().isEmpty()) {
                verbs.all.putIfAbsent(verb, decision);
            }
            for (var name : rule.resourceNames()) {
                verbs.named.computeIfAbsent(verb, key -> new HashMap<>(4)).putIfAbsent(name, decision);
            }
        }
    }

    /// Used while the table is built: a role that is bound and does not exist.
    void addMissing(String role) {
        missing.add(role);
    }

    List<String> missing() {
        return missing;
    }

    /// The grant that covers the question; null if there is none.
    Decision find(RequestInfo info, String combined) {
        if (!info.isResource()) {
            return findUrl(info);
        }
        var found = in(resources.get(info.group()), info, combined);
        return found == null ? in(resources.get(PolicyRule.ALL), info, combined) : found;
    }

    private static Decision in(Map<String, Verbs> group, RequestInfo info, String combined) {
        if (group == null) {
            return null;
        }
        var found = of(group.get(combined), info);
        if (found == null) {
            found = of(group.get(PolicyRule.ALL), info);
        }
        if (found == null && !info.subresource().isEmpty()) {
            found = of(group.get("*/" + info.subresource()), info);
        }
        return found;
    }

    private static Decision of(Verbs verbs, RequestInfo info) {
        if (verbs == null) {
            return null;
        }
        var found = verbs.find(info.verb(), info.name());
        return found == null ? verbs.find(PolicyRule.ALL, info.name()) : found;
    }

    private Decision findUrl(RequestInfo info) {
        for (var url : urls) {
            if (url.covers(info)) {
                return url.decision();
            }
        }
        return null;
    }
}
