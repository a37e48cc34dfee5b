package dev.kapal.apiserver.strategy.registration;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.WorkloadRules;
import dev.kapal.model.Names;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What webhooks and policies share: rules, selectors, conditions.
final class MatchRules {
    static final List<String> FAILURE_POLICIES = List.of("Fail", "Ignore");
    static final List<String> REINVOCATIONS = List.of("IfNeeded", "Never");
    private static final List<String> MATCH_POLICIES = List.of("Equivalent", "Exact");
    private static final List<String> OPERATIONS = List.of("*", "CONNECT", "CREATE", "DELETE", "UPDATE");
    private static final List<String> SCOPES = List.of("*", "Cluster", "Namespaced");
    private static final int MOST_CONDITIONS = 64;

    private MatchRules() {}

    static void supported(String path, JsonNode value, List<String> supported, Problems problems) {
        if (!value.isMissingNode() && !supported.contains(value.asText())) {
            problems.notSupported(path, value.asText(), supported);
        }
    }

    static void selectors(String path, JsonNode from, Problems problems) {
        supported(path + ".matchPolicy", from.path("matchPolicy"), MATCH_POLICIES, problems);
        for (var field : List.of("namespaceSelector", "objectSelector")) {
            WorkloadRules.checkSelectorFields(path + "." + field, from.path(field), problems);
        }
    }

    static void rules(String path, JsonNode rules, Problems problems) {
        int index = 0;
        for (var rule : rules) {
            rule(Problems.at(path, index++), rule, problems);
        }
    }

    /// Those of policies may be for objects of certain names only.
    static void namedRules(String path, JsonNode rules, Problems problems) {
        for (int i = 0; i < rules.size(); i++) {
            var at = Problems.at(path, i) + ".resourceNames";
            var names = rules.get(i).path("resourceNames");
            var seen = new HashSet<String>();
            for (int j = 0; j < names.size(); j++) {
                var name = names.get(j).asText();
                problems.invalid(Problems.at(at, j), name, Names.pathSegment(name));
                if (!seen.add(name)) {
                    problems.duplicate(Problems.at(at, j), name);
                }
            }
            rule(Problems.at(path, i), rules.get(i), problems);
        }
    }

    private static void rule(String path, JsonNode rule, Problems problems) {
        list(path + ".operations", rule.path("operations"), "must not specify other operations", problems);
        int index = 0;
        for (var operation : rule.path("operations")) {
            supported(Problems.at(path + ".operations", index++), operation, OPERATIONS, problems);
        }
        list(path + ".apiGroups", rule.path("apiGroups"), "must not specify other API groups", problems);
        list(path + ".apiVersions", rule.path("apiVersions"), "must not specify other API versions", problems);
        index = 0;
        for (var version : rule.path("apiVersions")) {
            if (version.asText().isEmpty()) {
                problems.required(Problems.at(path + ".apiVersions", index), "");
            }
            index++;
        }
        resources(path + ".resources", rule.path("resources"), problems);
        supported(path + ".scope", rule.path("scope"), SCOPES, problems);
    }

    private static void list(String path, JsonNode list, String whenAll, Problems problems) {
        if (list.isEmpty()) {
            problems.required(path, "");
        }
        if (list.size() > 1 && texts(list).contains("*")) {
            problems.invalid(path, list, "if '*' is present, " + whenAll);
        }
    }

    private static List<String> texts(JsonNode list) {
        var texts = new ArrayList<String>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static void resources(String path, JsonNode resources, Problems problems) {
        if (resources.isEmpty()) {
            problems.required(path, "");
        }
        var all = texts(resources);
        var whole = new HashSet<String>();
        var below = new HashSet<String>();
        boolean plain = false;
        for (int i = 0; i < all.size(); i++) {
            var text = all.get(i);
            var place = Problems.at(path, i);
            int slash = text.indexOf('/');
            if (text.isEmpty()) {
                problems.required(place, "");
            } else if (slash < 0) {
                plain = !text.equals("*"); // upstream remembers the last one
            } else {
                part(place, text.substring(0, slash), text.substring(slash + 1), whole, below, problems);
            }
        }
        if (all.size() > 1 && all.contains("*/*")) {
            problems.invalid(path, resources, "if '*/*' is present, must not specify other resources");
        }
        if (all.contains("*") && plain) {
            problems.invalid(
                    path, resources, "if '*' is present, must not specify other resources without subresources");
        }
    }

    /// @param whole the resources of which all subresources were named
    /// @param below the subresources that were named of all resources
    private static void part(
            String place,
            String resource,
            String subresource,
            Set<String> whole,
            Set<String> below,
            Problems problems) {
        var text = resource + "/" + subresource;
        if (whole.contains(resource)) {
            problems.invalid(place, text, "if '" + resource + "/*' is present, must not specify " + text);
        }
        if (below.contains(subresource)) {
            problems.invalid(place, text, "if '*/" + subresource + "' is present, must not specify " + text);
        }
        if (subresource.equals("*")) {
            whole.add(resource);
        }
        if (resource.equals("*")) {
            below.add(subresource);
        }
    }

    /// All but whether the expressions compile.
    static void conditions(String path, JsonNode conditions, Problems problems) {
        if (conditions.size() > MOST_CONDITIONS) {
            problems.tooMany(path, conditions.size(), MOST_CONDITIONS);
        }
        var names = new HashSet<String>();
        int index = 0;
        for (var condition : conditions) {
            var place = Problems.at(path, index++);
            if (condition.path("expression").asText("").isBlank()) {
                problems.required(place + ".expression", "");
            }
            var name = condition.path("name").asText("");
            if (name.isEmpty()) {
                problems.required(place + ".name", "");
            } else {
                problems.invalid(place + ".name", name, Names.qualifiedName(name));
                if (!names.add(name)) {
                    problems.duplicate(place + ".name", name);
                }
            }
        }
    }
}
