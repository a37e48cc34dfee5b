package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Names;
import java.util.List;
import java.util.Optional;

/// Roles and cluster roles: a rule is about resources or about paths, and paths are for cluster roles. Names may hold
/// colons.
final class RbacRoleStrategy implements Strategy {
    private final boolean namespaced;

    RbacRoleStrategy(boolean namespaced) {
        this.namespaced = namespaced;
    }

    @Override
    public List<String> nameProblems(String name) {
        return Names.pathSegment(name);
    }

    @Override
    public boolean createsOnUpdate() {
        return true;
    }

    @Override
    public void check(ObjectNode role, Optional<ObjectNode> stored, Problems problems) {
        for (int i = 0; i < role.path("rules").size(); i++) {
            rule(Problems.at("rules", i), role.path("rules").get(i), problems);
        }
        var aggregation = role.path("aggregationRule");
        if (aggregation.isObject()) {
            String path = "aggregationRule.clusterRoleSelectors";
            var selectors = aggregation.path("clusterRoleSelectors");
            if (selectors.isEmpty()) {
                problems.required(path, "at least one clusterRoleSelector required if aggregationRule is non-nil");
            }
            for (int i = 0; i < selectors.size(); i++) {
                WorkloadRules.checkSelectorFields(Problems.at(path, i), selectors.get(i), problems);
            }
        }
    }

    private void rule(String path, JsonNode rule, Problems problems) {
        if (rule.path("verbs").isEmpty()) {
            problems.required(path + ".verbs", "verbs must contain at least one value");
        }
        var urls = rule.path("nonResourceURLs");
        if (!urls.isEmpty()) {
            if (namespaced) {
                problems.invalid(path + ".nonResourceURLs", urls, "namespaced rules cannot apply to non-resource URLs");
            }
            if (!rule.path("apiGroups").isEmpty()
                    || !rule.path("resources").isEmpty()
                    || !rule.path("resourceNames").isEmpty()) {
                problems.invalid(
                        path + ".nonResourceURLs",
                        urls,
                        "rules cannot apply to both regular resources and non-resource URLs");
            }
            return;
        }
        if (rule.path("apiGroups").isEmpty()) {
            problems.required(path + ".apiGroups", "resource rules must supply at least one api group");
        }
        if (rule.path("resources").isEmpty()) {
            problems.required(path + ".resources", "resource rules must supply at least one resource");
        }
    }
}
