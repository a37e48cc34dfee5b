package dev.kapal.apiserver.authz.rbac;

import dev.kapal.apiserver.authz.PolicyRule;
import dev.kapal.model.codec.GoText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// Whether one set of rules holds all that another one grants. Pure. Source: upstream's rule for granting: nobody can
/// grant more than he has.
final class Coverage {
    private Coverage() {}

    /// The smallest parts of `wanted` that no rule of `held` covers, each a rule of its own.
    static List<PolicyRule> missing(List<PolicyRule> held, List<PolicyRule> wanted) {
        var missing = new ArrayList<PolicyRule>();
        for (var rule : wanted) {
            for (var part : parts(rule)) {
                if (held.stream().noneMatch(owner -> covers(owner, part))) {
                    missing.add(part);
                }
            }
        }
        return missing;
    }

    /// One rule for each verb, group, resource and name, and for each verb and path.
    private static List<PolicyRule> parts(PolicyRule rule) {
        var parts = new ArrayList<PolicyRule>();
        var names = rule.resourceNames().isEmpty()
                ? List.of(List.<String>of())
                : rule.resourceNames().stream().map(List::of).toList();
        for (var group : rule.apiGroups()) {
            for (var resource : rule.resources()) {
                for (var verb : rule.verbs()) {
                    for (var name : names) {
                        parts.add(new PolicyRule(List.of(verb), List.of(group), List.of(resource), name, List.of()));
                    }
                }
            }
        }
        for (var url : rule.nonResourceUrls()) {
            for (var verb : rule.verbs()) {
                parts.add(new PolicyRule(List.of(verb), List.of(), List.of(), List.of(), List.of(url)));
            }
        }
        return parts;
    }

    private static boolean covers(PolicyRule owner, PolicyRule part) {
        if (!has(owner.verbs(), part.verbs().getFirst())) {
            return false;
        }
        if (!part.nonResourceUrls().isEmpty()) {
            String url = part.nonResourceUrls().getFirst();
            return owner.nonResourceUrls().stream().anyMatch(held -> coversPath(held, url));
        }
        return has(owner.apiGroups(), part.apiGroups().getFirst())
                && coversResource(owner.resources(), part.resources().getFirst())
                && coversName(owner.resourceNames(), part.resourceNames());
    }

    private static boolean has(List<String> held, String wanted) {
        return held.contains(PolicyRule.ALL) || held.contains(wanted);
    }

    private static boolean coversResource(List<String> held, String resource) {
        int slash = resource.indexOf('/');
        return has(held, resource) || slash >= 0 && held.contains("*" + resource.substring(slash));
    }

    private static boolean coversName(List<String> held, List<String> wanted) {
        return held.isEmpty() || !wanted.isEmpty() && held.contains(wanted.getFirst());
    }

    private static boolean coversPath(String held, String url) {
        return held.equals(url) || held.endsWith("*") && url.startsWith(held.replaceFirst("\\*+$", ""));
    }

    /// The rules as a refusal shows them: verbs of the same object together, in alphabetical order.
    static List<String> describe(List<PolicyRule> rules) {
        var merged = new LinkedHashMap<PolicyRule, List<String>>();
        var lines = new TreeSet<String>();
        for (var rule : rules) {
            if (rule.nonResourceUrls().isEmpty()) {
                merged.computeIfAbsent(withVerbs(rule, List.of()), key -> new ArrayList<>())
                        .addAll(rule.verbs());
            } else {
                lines.add(describe(rule));
            }
        }
        for (Map.Entry<PolicyRule, List<String>> entry : merged.entrySet()) {
            lines.add(describe(withVerbs(
                    entry.getKey(), entry.getValue().stream().distinct().toList())));
        }
        return List.copyOf(lines);
    }

    private static PolicyRule withVerbs(PolicyRule rule, List<String> verbs) {
        return new PolicyRule(verbs, rule.apiGroups(), rule.resources(), rule.resourceNames(), rule.nonResourceUrls());
    }

    private static String describe(PolicyRule rule) {
        var parts = new ArrayList<String>();
        add(parts, "APIGroups", rule.apiGroups());
        add(parts, "Resources", rule.resources());
        add(parts, "NonResourceURLs", rule.nonResourceUrls());
        add(parts, "ResourceNames", rule.resourceNames());
        add(parts, "Verbs", rule.verbs());
        return "{" + String.join(", ", parts) + "}";
    }

    private static void add(List<String> parts, String name, List<String> values) {
        if (!values.isEmpty()) {
            parts.add(name + ":" + GoText.quote(values));
        }
    }
}
