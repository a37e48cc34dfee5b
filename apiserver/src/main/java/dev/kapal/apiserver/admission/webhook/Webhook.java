package dev.kapal.apiserver.admission.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.admission.expressions.MatchConditions;
import dev.kapal.apiserver.admission.match.Match;
import dev.kapal.apiserver.webhook.WebhookTarget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// One webhook of a configuration, ready to be called. Immutable.
///
/// @param id unique among all webhooks
/// @param ignoresFailures `failurePolicy: Ignore`
/// @param sideEffects as the configuration says; empty when it does not
/// @param mayRepeat `reinvocationPolicy: IfNeeded`
/// @param versions of `AdmissionReview` that it understands, the preferred first
record Webhook(
        String id,
        String configuration,
        String name,
        WebhookTarget target,
        Match match,
        MatchConditions conditions,
        Duration timeout,
        boolean ignoresFailures,
        String sideEffects,
        boolean mayRepeat,
        List<String> versions) {
    private static final int DEFAULT_SECONDS = 10;

    static Webhook of(JsonNode document, String configuration, int index, WebhookTarget target) {
        var name = document.path("name").asText();
        var versions = new ArrayList<String>();
        document.path("admissionReviewVersions").forEach(version -> versions.add(version.asText()));
        return new Webhook(
                configuration + "/" + name + "/" + index,
                configuration,
                name,
                target,
                Match.ofWebhook(document),
                new MatchConditions(document.path("matchConditions"), MatchConditions::ofWebhooks),
                Duration.ofSeconds(document.path("timeoutSeconds").asInt(DEFAULT_SECONDS)),
                document.path("failurePolicy").asText("Fail").equals("Ignore"),
                document.path("sideEffects").asText(""),
                document.path("reinvocationPolicy").asText("Never").equals("IfNeeded"),
                List.copyOf(versions));
    }

    boolean hasSideEffects() {
        return !sideEffects.equals("None") && !sideEffects.equals("NoneOnDryRun");
    }
}
