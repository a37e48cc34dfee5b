package dev.kapal.apiserver.authz;

import dev.kapal.apiserver.api.RequestInfo;
import java.util.List;

/// Whether a rule covers a request. Pure. Source: API reference, PolicyRule.
public final class RuleMatch {
    private RuleMatch() {}

    public static boolean any(List<PolicyRule> rules, RequestInfo info) {
        for (var rule : rules) {
            if (covers(rule, info)) {
                return true;
            }
        }
        return false;
    }

    static boolean covers(PolicyRule rule, RequestInfo info) {
        if (!has(rule.verbs(), info.verb())) {
            return false;
        }
        return info.isResource() ? coversResource(rule, info) : coversPath(rule.nonResourceUrls(), info.path());
    }

    private static boolean coversResource(PolicyRule rule, RequestInfo info) {
        String sub = info.subresource();
        String combined = sub.isEmpty() ? info.resource() : info.resource() + "/" + sub;
        return has(rule.apiGroups(), info.group())
                && (has(rule.resources(), combined)
                        || !sub.isEmpty() && rule.resources().contains("*/" + sub))
                && (rule.resourceNames().isEmpty() || rule.resourceNames().contains(info.name()));
    }

    private static boolean coversPath(List<String> urls, String path) {
        for (var url : urls) {
            if (url.equals(path) || url.endsWith("*") && path.startsWith(url.replaceFirst("\\*+$", ""))) {
                return true;
            }
        }
        return false;
    }

    private static boolean has(List<String> held, String wanted) {
        return held.contains(PolicyRule.ALL) || held.contains(wanted);
    }
}
