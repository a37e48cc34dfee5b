package dev.kapal.apiserver.strategy.registration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.admission.expressions.MatchConditions;
import dev.kapal.apiserver.admission.policy.PolicyExpressions;
import dev.kapal.apiserver.strategy.ClientConfigRules;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.Names;
import dev.kapal.model.ResourceDefinition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Both configurations of webhooks.
final class WebhookConfigurationStrategy implements Strategy {
    private static final List<String> SIDE_EFFECTS = List.of("None", "NoneOnDryRun");
    /// What the first version allowed, and what may therefore stay.
    private static final List<String> FIRST_SIDE_EFFECTS = List.of("None", "NoneOnDryRun", "Some", "Unknown");
    private static final List<String> VERSIONS = List.of("v1", "v1beta1");

    private final boolean mutating;
    private final boolean first;

    WebhookConfigurationStrategy(boolean mutating) {
        this(mutating, false);
    }

    /// @param first whether clients speak `v1beta1`
    private WebhookConfigurationStrategy(boolean mutating, boolean first) {
        this.mutating = mutating;
        this.first = first;
    }

    @Override
    public Strategy servedAs(ResourceDefinition version) {
        boolean old = version.groupVersion().version().equals("v1beta1");
        return old ? new WebhookConfigurationStrategy(mutating, true) : this;
    }

    @Override
    public boolean asksForSame(ObjectNode one, ObjectNode other) {
        return one.path("webhooks").equals(other.path("webhooks"));
    }

    @Override
    public void check(ObjectNode candidate, Optional<ObjectNode> stored, Problems problems) {
        var names = new HashSet<String>();
        var sideEffects = first
                        || stored.filter(WebhookConfigurationStrategy::hasSideEffects)
                                .isPresent()
                ? FIRST_SIDE_EFFECTS
                : SIDE_EFFECTS;
        int index = 0;
        for (var webhook : candidate.path("webhooks")) {
            var path = Problems.at("webhooks", index++);
            check(path, webhook, sideEffects, problems);
            var name = webhook.path("name").asText("");
            if (!name.isEmpty() && !names.add(name)) {
                problems.duplicate(path + ".name", name);
            }
        }
    }

    private static boolean hasSideEffects(ObjectNode configuration) {
        for (var webhook : configuration.path("webhooks")) {
            if (!SIDE_EFFECTS.contains(webhook.path("sideEffects").asText())) {
                return true;
            }
        }
        return false;
    }

    private void check(String path, JsonNode webhook, List<String> sideEffects, Problems problems) {
        checkName(path + ".name", webhook.path("name").asText(""), problems);
        MatchRules.rules(path + ".rules", webhook.path("rules"), problems);
        MatchRules.supported(
                path + ".failurePolicy", webhook.path("failurePolicy"), MatchRules.FAILURE_POLICIES, problems);
        MatchRules.selectors(path, webhook, problems);
        if (webhook.path("sideEffects").asText("").isEmpty()) {
            problems.required(path + ".sideEffects", "must specify one of " + String.join(", ", sideEffects));
        } else {
            MatchRules.supported(path + ".sideEffects", webhook.path("sideEffects"), sideEffects, problems);
        }
        var seconds = webhook.path("timeoutSeconds");
        if (seconds.isNumber() && (seconds.asInt() < 1 || seconds.asInt() > 30)) {
            problems.invalid(
                    path + ".timeoutSeconds", seconds.asInt(), "the timeout value must be between 1 and 30 seconds");
        }
        if (mutating) {
            MatchRules.supported(
                    path + ".reinvocationPolicy",
                    webhook.path("reinvocationPolicy"),
                    MatchRules.REINVOCATIONS,
                    problems);
        }
        ClientConfigRules.check(path + ".clientConfig", webhook.path("clientConfig"), problems);
        checkVersions(path + ".admissionReviewVersions", webhook.path("admissionReviewVersions"), problems);
        var conditions = webhook.path("matchConditions");
        MatchRules.conditions(path + ".matchConditions", conditions, problems);
        if (!conditions.isEmpty()) {
            PolicyExpressions.checkConditions(
                    path + ".matchConditions", conditions, MatchConditions.ofWebhooks(), problems);
        }
    }

    private static void checkName(String path, String name, Problems problems) {
        if (name.isEmpty()) {
            problems.required(path, "");
            return;
        }
        var wrong = Names.dns1123Subdomain(name);
        problems.invalid(path, name, wrong);
        if (wrong.isEmpty() && name.chars().filter(c -> c == '.').count() < 2) {
            problems.invalid(path, name, "should be a domain with at least three segments separated by dots");
        }
    }

    private static void checkVersions(String path, JsonNode versions, Problems problems) {
        if (versions.isEmpty()) {
            problems.required(path, "must specify one of " + String.join(", ", VERSIONS));
            return;
        }
        var seen = new ArrayList<String>();
        for (var version : versions) {
            var text = version.asText();
            var place = Problems.at(path, seen.size());
            if (seen.contains(text)) {
                problems.invalid(place, text, "duplicate version");
            } else {
                problems.invalid(place, text, Names.dns1035Label(text));
            }
            seen.add(text);
        }
        if (VERSIONS.stream().noneMatch(seen::contains)) {
            problems.invalid(path, versions, "must include at least one of " + String.join(", ", VERSIONS));
        }
    }

    @Override
    public boolean updatesUnconditionally() {
        return false;
    }
}
