package dev.kapal.apiserver.strategy.registration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.apiserver.strategy.WorkloadRules;
import dev.kapal.model.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Both kinds of bindings.
final class BindingStrategy implements Strategy {
    /// As upstream writes it.
    private static final String RESOURCES = "spec.matchResouces";

    private static final List<String> ACTIONS = List.of("Audit", "Deny", "Warn");
    private static final List<String> NOT_FOUND = List.of("Deny", "Allow");

    private final boolean acts;

    /// @param acts whether the binding says what to do about a violation
    BindingStrategy(boolean acts) {
        this.acts = acts;
    }

    @Override
    public void check(ObjectNode candidate, Optional<ObjectNode> stored, Problems problems) {
        var spec = candidate.path("spec");
        var policy = spec.path("policyName").asText("");
        if (policy.isEmpty()) {
            problems.required("spec.policyName", "");
        } else {
            problems.invalid("spec.policyName", policy, Names.dns1123Subdomain(policy));
        }
        if (spec.path("paramRef").isObject()) {
            checkParams("spec.paramRef", spec.path("paramRef"), problems);
        }
        var resources = spec.path("matchResources");
        if (resources.isObject()) {
            MatchRules.selectors(RESOURCES, resources, problems);
            for (var list : List.of("resourceRules", "excludeResourceRules")) {
                MatchRules.namedRules(RESOURCES + "." + list, resources.path(list), problems);
            }
        }
        if (acts) {
            checkActions(spec.path("validationActions"), problems);
        }
    }

    private static void checkParams(String path, JsonNode reference, Problems problems) {
        var name = reference.path("name").asText("");
        boolean selects = reference.path("selector").isObject();
        if (!name.isEmpty()) {
            problems.invalid(path + ".name", name, Names.pathSegment(name));
            if (selects) {
                problems.forbidden(path + ".name", "name and selector are mutually exclusive");
            }
        }
        if (selects) {
            WorkloadRules.checkSelectorFields(path + ".selector", reference.path("selector"), problems);
            if (!name.isEmpty()) {
                problems.forbidden(path + ".selector", "name and selector are mutually exclusive");
            }
        }
        if (name.isEmpty() && !selects) {
            problems.required(path, "one of name or selector must be specified");
        }
        var action = reference.path("parameterNotFoundAction");
        if (action.asText("").isEmpty()) {
            problems.required(path + ".parameterNotFoundAction", "");
        } else {
            MatchRules.supported(path + ".parameterNotFoundAction", action, NOT_FOUND, problems);
        }
    }

    private static void checkActions(JsonNode actions, Problems problems) {
        var path = "spec.validationActions";
        var seen = new ArrayList<String>();
        for (var action : actions) {
            var text = action.asText();
            var place = Problems.at(path, seen.size());
            if (!ACTIONS.contains(text)) {
                problems.notSupported(place, text, ACTIONS);
            }
            if (seen.contains(text)) {
                problems.duplicate(place, text);
            }
            seen.add(text);
        }
        if (seen.contains("Deny") && seen.contains("Warn")) {
            problems.invalid(
                    path,
                    actions,
                    "must not contain both Deny and Warn (repeating the same validation failure information in the API"
                            + " response and headers serves no purpose)");
        }
        if (seen.isEmpty()) {
            problems.required(path, "at least one validation action is required");
        }
    }

    @Override
    public boolean updatesUnconditionally() {
        return false;
    }
}
