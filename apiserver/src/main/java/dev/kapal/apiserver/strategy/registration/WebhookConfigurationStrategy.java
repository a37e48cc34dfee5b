package dev.kapal.apiserver.strategy.registration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.admission.expressions.MatchConditions;
import dev.kapal.apiserver.admission.policy.PolicyExpressions;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.Names;
import dev.kapal.model.ResourceDefinition;
import java.net.URI;
import java.net.URISyntaxException;
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
    private static final String FORM = "; desired format: https://host[/path]";

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
        checkClient(path + ".clientConfig", webhook.path("clientConfig"), problems);
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
            }
            problems.invalid(place, text, Names.dns1035Label(text));
            seen.add(text);
        }
        if (VERSIONS.stream().noneMatch(seen::contains)) {
            problems.invalid(path, versions, "must include at least one of " + String.join(", ", VERSIONS));
        }
    }

    private static void checkClient(String path, JsonNode client, Problems problems) {
        boolean hasUrl = client.has("url");
        boolean hasService = client.path("service").isObject();
        if (hasUrl == hasService) {
            problems.required(path, "exactly one of url or service is required");
        } else if (hasUrl) {
            checkUrl(path + ".url", client.path("url").asText(), problems);
        } else {
            checkService(path + ".service", client.path("service"), problems);
        }
    }

    private static void checkUrl(String path, String text, Problems problems) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException malformed) {
            problems.required(path, "url must be a valid URL: " + malformed.getMessage() + FORM);
            return;
        }
        var scheme = url.getScheme() == null ? "" : url.getScheme();
        if (!scheme.equals("https")) {
            problems.invalid(path, scheme, "'https' is the only allowed URL scheme" + FORM);
        }
        if (url.getHost() == null || url.getHost().isEmpty()) {
            problems.invalid(path, "", "host must be specified" + FORM);
        }
        if (url.getUserInfo() != null) {
            problems.invalid(path, url.getUserInfo(), "user information is not permitted in the URL");
        }
        if (url.getFragment() != null) {
            problems.invalid(path, url.getFragment(), "fragments are not permitted in the URL");
        }
        if (url.getRawQuery() != null) {
            problems.invalid(path, url.getRawQuery(), "query parameters are not permitted in the URL");
        }
    }

    private static void checkService(String path, JsonNode service, Problems problems) {
        if (service.path("name").asText("").isEmpty()) {
            problems.required(path + ".name", "service name is required");
        }
        if (service.path("namespace").asText("").isEmpty()) {
            problems.required(path + ".namespace", "service namespace is required");
        }
        int port = service.path("port").asInt(443);
        if (port < 1 || port > 65535) {
            problems.invalid(path + ".port", port, "port is not valid: must be between 1 and 65535, inclusive");
        }
        var url = service.path("path").asText("");
        if (url.isEmpty() || url.equals("/")) {
            return;
        }
        if (url.equals("//")) {
            problems.invalid(path + ".path", url, "segment[0] may not be empty");
            return;
        }
        if (!url.startsWith("/")) {
            problems.invalid(path + ".path", url, "must start with a '/'");
        }
        var segments = url.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            boolean last = i == segments.length - 1;
            if (segments[i].isEmpty() && !last) {
                problems.invalid(path + ".path", url, "segment[" + i + "] may not be empty");
            } else if (!segments[i].isEmpty()) {
                for (var wrong : Names.dns1123Subdomain(segments[i])) {
                    problems.invalid(path + ".path", url, "segment[" + i + "]: " + wrong);
                }
            }
        }
    }

    @Override
    public boolean updatesUnconditionally() {
        return false;
    }
}
