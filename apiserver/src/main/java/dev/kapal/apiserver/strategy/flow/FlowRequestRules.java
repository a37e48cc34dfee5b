package dev.kapal.apiserver.strategy.flow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.model.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a flow schema is about: requests for resources or for paths. A list has everything (`*`) or names, never both.
final class FlowRequestRules {
    private static final List<String> VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch");

    private FlowRequestRules() {}

    static void check(String path, JsonNode rule, Problems problems) {
        var resources = rule.path("resourceRules");
        var paths = rule.path("nonResourceRules");
        if (resources.isEmpty() && paths.isEmpty()) {
            problems.required(path, "at least one of resourceRules and nonResourceRules has to be non-empty");
        }
        for (int i = 0; i < resources.size(); i++) {
            checkResources(Problems.at(path + ".resourceRules", i), resources.get(i), problems);
        }
        for (int i = 0; i < paths.size(); i++) {
            checkPaths(Problems.at(path + ".nonResourceRules", i), paths.get(i), problems);
        }
    }

    private static void checkResources(String path, JsonNode rule, Problems problems) {
        checkVerbs(path + ".verbs", rule.path("verbs"), problems);
        checkList(path + ".apiGroups", rule.path("apiGroups"), "api group", problems);
        checkList(path + ".resources", rule.path("resources"), "resource", problems);
        checkNamespaces(path + ".namespaces", rule, problems);
    }

    private static void checkVerbs(String path, JsonNode verbs, Problems problems) {
        var texts = texts(verbs);
        if (texts.isEmpty()) {
            problems.required(path, "verbs must contain at least one value");
        } else if (texts.contains("*")) {
            checkAlone(path, verbs, "verbs", problems);
        } else if (!VERBS.containsAll(texts)) {
            problems.notSupported(path, verbs, VERBS);
        }
    }

    private static void checkList(String path, JsonNode list, String what, Problems problems) {
        if (list.isEmpty()) {
            problems.required(path, "resource rules must supply at least one " + what);
        } else if (texts(list).contains("*")) {
            checkAlone(path, list, what + "s", problems);
        }
    }

    private static void checkAlone(String path, JsonNode list, String what, Problems problems) {
        if (list.size() > 1) {
            problems.invalid(path, list, "if '*' is present, must not specify other " + what);
        }
    }

    private static void checkNamespaces(String path, JsonNode rule, Problems problems) {
        var namespaces = rule.path("namespaces");
        if (namespaces.isEmpty() && !rule.path("clusterScope").asBoolean()) {
            problems.required(path, "resource rules that are not cluster scoped must supply at least one namespace");
        } else if (texts(namespaces).contains("*")) {
            checkAlone(path, namespaces, "namespaces", problems);
        } else {
            for (int i = 0; i < namespaces.size(); i++) {
                var namespace = namespaces.get(i).asText();
                for (var detail : Names.dns1123Label(namespace)) {
                    problems.invalid(
                            Problems.at(path, i),
                            namespace,
                            "each member of this list must be '*' or a DNS-1123 label; " + detail);
                }
            }
        }
    }

    private static void checkPaths(String path, JsonNode rule, Problems problems) {
        checkVerbs(path + ".verbs", rule.path("verbs"), problems);
        var at = path + ".nonResourceURLs";
        var urls = rule.path("nonResourceURLs");
        if (urls.isEmpty()) {
            problems.required(at, "nonResourceURLs must contain at least one value");
        } else if (texts(urls).contains("*")) {
            checkAlone(at, urls, "non-resource URLs", problems);
        } else {
            for (int i = 0; i < urls.size(); i++) {
                var url = urls.get(i).asText();
                var place = Problems.at(at, i);
                pathProblem(url).ifPresent(detail -> problems.invalid(place, url, detail));
            }
        }
    }

    private static Optional<String> pathProblem(String path) {
        if (path.isEmpty()) {
            return Optional.of("must not be empty");
        }
        if (!path.startsWith("/")) {
            return Optional.of("must start with slash");
        }
        if (path.contains(" ")) {
            return Optional.of("must not contain white-space");
        }
        if (path.contains("//")) {
            return Optional.of("must not contain double slash");
        }
        int star = path.indexOf('*');
        boolean atEnd = star < 0 || star == path.length() - 1 && path.endsWith("/*");
        return atEnd ? Optional.empty() : Optional.of("wildcard can only do suffix matching");
    }

    private static List<String> texts(JsonNode list) {
        var texts = new ArrayList<String>();
        list.forEach(item -> texts.add(item.asText()));
        return texts;
    }
}
