package dev.kapal.apiserver.admission.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.admission.AdmissionRequest;
import dev.kapal.apiserver.admission.ObjectReader;
import dev.kapal.apiserver.admission.expressions.MatchConditions.Outcome;
import dev.kapal.apiserver.admission.expressions.RequestVariables;
import dev.kapal.apiserver.admission.match.View;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.RandomNames;
import dev.kapal.apiserver.api.Reason;
import dev.kapal.apiserver.api.Status;
import dev.kapal.apiserver.authz.Authorizer;
import dev.kapal.apiserver.webhook.WebhookFailure;
import dev.kapal.model.ResourceRegistry;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Decides whether a webhook is to be called, calls it, and reads what it says. Any thread.
final class Caller {
    private static final String CONFIGURATIONS = "admissionregistration.k8s.io";
    private static final Set<String> EXEMPT = Set.of(
            "mutatingwebhookconfigurations",
            "validatingwebhookconfigurations",
            "mutatingadmissionpolicies",
            "mutatingadmissionpolicybindings",
            "validatingadmissionpolicies",
            "validatingadmissionpolicybindings");

    private final ObjectReader objects;
    private final ResourceRegistry registry;
    private final Authorizer authorizer;
    private final RandomGenerator random;
    private final WebhookMetrics metrics;

    Caller(
            ObjectReader objects,
            ResourceRegistry registry,
            Authorizer authorizer,
            RandomGenerator random,
            WebhookMetrics metrics) {
        this.objects = objects;
        this.registry = registry;
        this.authorizer = authorizer;
        this.random = random;
        this.metrics = metrics;
    }

    /// Nobody can lock the cluster's administrator out with a webhook on the webhooks.
    static boolean isExempt(AdmissionRequest request) {
        var definition = request.definition();
        return definition.groupVersion().group().equals(CONFIGURATIONS) && EXEMPT.contains(definition.plural());
    }

    WebhookMetrics metrics() {
        return metrics;
    }

    /// The request as this webhook wants to see it; empty when it is not concerned. Throws the refusal when that cannot
    /// be told.
    Optional<View> view(Webhook webhook, AdmissionRequest request, String type) throws InterruptedException {
        var as = webhook.match().of(request, objects, registry);
        if (as.isEmpty()) {
            return Optional.empty();
        }
        var view = View.of(request, as.get());
        return switch (webhook.conditions().evaluate(() -> RequestVariables.of(view, authorizer))) {
            case Outcome.Holds holds -> Optional.of(view);
            case Outcome.DoesNotHold(var condition) -> {
                metrics.excluded(webhook, type, request);
                yield Optional.empty();
            }
            case Outcome.Failed(var why) -> {
                metrics.conditionFailed(webhook, type, request);
                if (!webhook.ignoresFailures()) {
                    throw request.forbidden(why);
                }
                yield Optional.empty();
            }
        };
    }

    /// What a call led to.
    sealed interface Result {
        record Answered(Review.Answer answer) implements Result {}

        /// The webhook refuses, or must not be called.
        record Refused(ApiException refusal) implements Result {}

        /// It could not be asked.
        record Failed(String why, int code) implements Result {}
    }

    Result call(Webhook webhook, View view, boolean mutating) throws InterruptedException {
        if (view.request().dryRun() && webhook.hasSideEffects()) {
            return webhook.sideEffects().isEmpty()
                    ? new Result.Failed("Webhook SideEffects is nil", 0)
                    : new Result.Refused(ApiException.badRequest(
                            "admission webhook \"" + webhook.name() + "\" does not support dry run"));
        }
        try {
            var review = Review.of(view, webhook.versions(), RandomNames.uid(random));
            var answer = review.answer(post(webhook, review), mutating);
            return answer.allowed() ? new Result.Answered(answer) : new Result.Refused(denied(webhook, answer));
        } catch (WebhookFailure failure) {
            return new Result.Failed(failure.getMessage(), failure.code());
        }
    }

    private static ObjectNode post(Webhook webhook, Review review) throws WebhookFailure, InterruptedException {
        try {
            return webhook.target().post(review.document(), webhook.timeout());
        } catch (WebhookFailure failure) {
            throw new WebhookFailure("failed to call webhook: " + failure.getMessage(), failure.code());
        }
    }

    static ApiException failed(Webhook webhook, Result.Failed failure) {
        return ApiException.internal("failed calling webhook \"" + webhook.name() + "\": " + failure.why());
    }

    /// The webhook's own `Status`, made sure to be a refusal.
    private static ApiException denied(Webhook webhook, Review.Answer answer) {
        var prefix = "admission webhook \"" + webhook.name() + "\" denied the request";
        var result = answer.result();
        var message = result.map(r -> r.path("message").asText("")).orElse("");
        var reason = result.map(r -> r.path("reason").asText("")).orElse("");
        int code = Math.max(400, result.map(r -> r.path("code").asInt()).orElse(0));
        var text = !message.isEmpty() || !reason.isEmpty()
                ? prefix + ": " + (message.isEmpty() ? reason : message)
                : prefix + " without explanation";
        var details = result.filter(r -> r.path("details").isObject()).map(r -> details((ObjectNode) r.get("details")));
        return new ApiException(new Status(false, code, reason(reason), text, details));
    }

    private static Reason reason(String text) {
        for (var reason : Reason.values()) {
            if (reason.text().equals(text)) {
                return reason;
            }
        }
        return Reason.UNKNOWN;
    }

    private static Status.Details details(ObjectNode details) {
        var causes = new ArrayList<Status.Cause>();
        for (var cause : details.path("causes")) {
            causes.add(new Status.Cause(
                    cause.path("reason").asText(""),
                    cause.path("message").asText(""),
                    cause.path("field").asText("")));
        }
        return new Status.Details(
                details.path("name").asText(""),
                details.path("group").asText(""),
                details.path("kind").asText(""),
                details.path("uid").asText(""),
                causes,
                details.path("retryAfterSeconds").asInt());
    }
}
