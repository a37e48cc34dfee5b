package dev.kapal.apiserver.authz;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;
import dev.kapal.apiserver.remote.Remembered;
import dev.kapal.apiserver.remote.Webhook;
import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import dev.kapal.cel.EvaluationException;
import dev.kapal.model.codec.Documents;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Asks another server with a SubjectAccessReview. Any thread; blocks. A server that does not answer has no opinion.
/// Source: "Webhook Mode".
final class WebhookAuthorizer implements Authorizer, AutoCloseable {
    private static final Log log = Log.of(WebhookAuthorizer.class);
    /// Longer questions are not remembered.
    private static final int LONGEST_KEY = 10_000;

    private final Webhook webhook;
    private final Options options;
    private final Remembered<String, Decision> answers;

    /// @param version of the review, `v1` or `v1beta1`
    /// @param onError what a failure counts as
    /// @param conditions when it is asked at all
    record Options(
            String version, Duration allowedTtl, Duration refusedTtl, Verdict onError, ReviewConditions conditions) {}

    WebhookAuthorizer(Webhook webhook, Options options, Time time) {
        this.webhook = webhook;
        this.options = options;
        this.answers = new Remembered<>(time);
    }

    @Override
    public Decision decide(User user, RequestInfo info) throws InterruptedException {
        if (!options.conditions().isEmpty()) {
            try {
                if (!options.conditions()
                        .hold((ObjectNode) review(user, info, "v1").path("spec"))) {
                    return Decision.NO_OPINION;
                }
            } catch (EvaluationException failed) {
                return Decision.failed(
                        options.onError(), "authorization webhook condition failed: " + failed.getMessage());
            }
        }
        var review = review(user, info, options.version());
        String key = Documents.text(review);
        var known = answers.find(key);
        if (known.isPresent()) {
            return known.get();
        }
        try {
            var decision = decision(webhook.ask(review));
            if (key.length() < LONGEST_KEY) {
                answers.put(key, decision, decision.allowed() ? options.allowedTtl() : options.refusedTtl());
            }
            return decision;
        } catch (IOException failure) {
            log.error("authorization webhook failed", failure);
            return Decision.failed(options.onError(), "authorization webhook failed: " + failure.getMessage());
        }
    }

    @Override
    public Rules rules(User user, String namespace) {
        return Rules.unknown("webhook authorizer");
    }

    private static Decision decision(ObjectNode answer) {
        var status = answer.path("status");
        boolean allowed = status.path("allowed").asBoolean();
        boolean denied = status.path("denied").asBoolean();
        String reason = status.path("reason").asText("");
        if (allowed && denied) {
            return Decision.failed(Verdict.DENY, "webhook subject access review returned both allow and deny response");
        }
        if (allowed) {
            return Decision.allow(reason);
        }
        return denied ? Decision.deny(reason) : Decision.noOpinion(reason);
    }

    private static ObjectNode review(User user, RequestInfo info, String version) {
        var review = Documents.object()
                .put("kind", "SubjectAccessReview")
                .put("apiVersion", "authorization.k8s.io/" + version);
        review.putObject("metadata");
        var spec = review.putObject("spec");
        if (info.isResource()) {
            resource(spec.putObject("resourceAttributes"), info);
        } else {
            spec.putObject("nonResourceAttributes").put("path", info.path()).put("verb", info.verb());
        }
        spec.put("user", user.name());
        put(spec.putArray(version.equals("v1") ? "groups" : "group"), user.groups());
        if (!user.extra().isEmpty()) {
            var extra = spec.putObject("extra");
            user.extra().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(entry -> put(extra.putArray(entry.getKey()), entry.getValue()));
        }
        put(spec, "uid", user.uid());
        return review;
    }

    private static void resource(ObjectNode to, RequestInfo info) {
        put(to, "namespace", info.namespace());
        put(to, "verb", info.verb());
        put(to, "group", info.group());
        put(to, "version", info.version());
        put(to, "resource", info.resource());
        put(to, "subresource", info.subresource());
        put(to, "name", info.name());
        if (!info.fieldSelector().isEmpty()) {
            to.putObject("fieldSelector").put("rawSelector", info.fieldSelector());
        }
        if (!info.labelSelector().isEmpty()) {
            to.putObject("labelSelector").put("rawSelector", info.labelSelector());
        }
    }

    private static void put(ObjectNode to, String field, String value) {
        if (!value.isEmpty()) {
            to.put(field, value);
        }
    }

    private static void put(ArrayNode to, List<String> values) {
        values.forEach(to::add);
    }

    @Override
    public void close() {
        webhook.close();
    }
}
