package dev.kapal.apiserver.admission.policy;

import dev.kapal.apiserver.admission.AdmissionContext;
import dev.kapal.apiserver.admission.AdmissionPlugin;
import dev.kapal.apiserver.admission.AdmissionRequest;
import dev.kapal.apiserver.admission.expressions.MatchConditions.Outcome;
import dev.kapal.apiserver.admission.policy.Invocations.Failure;
import dev.kapal.apiserver.admission.policy.Invocations.Invocation;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Reason;
import dev.kapal.apiserver.api.Status;
import dev.kapal.apiserver.authz.Authorizer;
import dev.kapal.cel.CelMetrics;
import dev.kapal.cel.CompileException;
import dev.kapal.model.GroupVersionResource;
import dev.kapal.model.codec.Documents;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Holds requests to the ValidatingAdmissionPolicies that are bound. Any thread.
public final class ValidatingPolicies implements AdmissionPlugin.Validating {
    private static final String GROUP = "admissionregistration.k8s.io";
    private static final String KIND = "ValidatingAdmissionPolicy";
    private static final int LONGEST_ANNOTATION = 10 * 1024;

    private final PolicySource<Validations> policies;
    private final Invocations invocations;
    private final Authorizer authorizer;
    private final PolicyMetrics metrics;

    public ValidatingPolicies(AdmissionContext context) {
        this.policies = new PolicySource<>(
                new GroupVersionResource(GROUP, "v1", "validatingadmissionpolicies"),
                new GroupVersionResource(GROUP, "v1", "validatingadmissionpolicybindings"),
                context.objects(),
                Validations::of,
                new CelMetrics(context.metrics(), context.time()));
        this.invocations = new Invocations(context);
        this.authorizer = context.authorizer();
        this.metrics = PolicyMetrics.validating(context.metrics(), context.time());
    }

    @Override
    public String name() {
        return KIND;
    }

    /// @param binding empty when the policy itself is at fault
    /// @param reason empty for the usual one
    private record Denial(String policy, Optional<String> binding, String message, String reason) {
        String text() {
            return KIND + " '" + policy + "'"
                    + binding.map(name -> " with binding '" + name + "'").orElse("") + " denied request: " + message;
        }
    }

    @Override
    public void validate(AdmissionRequest request) throws InterruptedException {
        if (Exempt.is(request)) {
            return;
        }
        var bound = policies.current();
        if (bound.isEmpty()) {
            return;
        }
        var failures = new ArrayList<Failure>();
        var all = invocations.of(request, bound, failures);
        var denials = new ArrayList<Denial>();
        var annotations = new LinkedHashMap<String, LinkedHashSet<String>>();
        if (!all.isEmpty()) {
            var namespace = invocations.namespace(request);
            for (var invocation : all) {
                var values = invocation.values(request, namespace, authorizer);
                judge(request, invocation, values, denials, annotations);
            }
        }
        for (var failure : failures) {
            if (!failure.policy().ignoresFailures()) {
                denials.add(
                        new Denial(failure.policy().name(), failure.binding().map(Binding::name), failure.why(), ""));
            }
        }
        annotations.forEach((key, values) -> request.notes().annotate(key, String.join(", ", values)));
        if (!denials.isEmpty()) {
            throw refusal(request, denials.getFirst());
        }
    }

    private void judge(
            AdmissionRequest request,
            Invocation<Validations> invocation,
            Map<String, Object> values,
            List<Denial> denials,
            Map<String, LinkedHashSet<String>> annotations) {
        var policy = invocation.policy();
        var binding = Optional.of(invocation.binding().name());
        long begun = metrics.now();
        switch (policy.conditions().evaluate(() -> values)) {
            case Outcome.DoesNotHold no -> {
                return;
            }
            case Outcome.Failed(var why) -> {
                if (!policy.ignoresFailures()) {
                    denials.add(new Denial(policy.name(), binding, why, ""));
                }
                return;
            }
            case Outcome.Holds holds -> {}
        }
        Validations.Outcome outcome;
        try {
            outcome = policy.expressions().evaluate(values, policy.ignoresFailures());
        } catch (CompileException unusable) {
            if (!policy.ignoresFailures()) {
                denials.add(new Denial(
                        policy.name(), Optional.empty(), "failed to configure policy: " + unusable.getMessage(), ""));
            }
            return;
        }
        if (outcome.objections().isEmpty()) {
            metrics.observe(policy.name(), invocation.binding().name(), "allow", "no_error", begun);
        }
        for (var objection : outcome.objections()) {
            act(request, invocation, objection, denials, begun);
        }
        outcome.published()
                .forEach((key, value) -> annotations
                        .computeIfAbsent(policy.name() + "/" + key, k -> new LinkedHashSet<>())
                        .add(value.length() > LONGEST_ANNOTATION ? value.substring(0, LONGEST_ANNOTATION) : value));
        for (var broken : outcome.broken()) {
            denials.add(new Denial(policy.name(), binding, broken, ""));
        }
    }

    private void act(
            AdmissionRequest request,
            Invocation<Validations> invocation,
            Validations.Objection objection,
            List<Denial> denials,
            long begun) {
        var policy = invocation.policy().name();
        var binding = invocation.binding().name();
        var error = objection.failed() ? "invalid_error" : "no_error";
        for (var action : invocation.binding().actions()) {
            switch (action) {
                case "Deny" -> {
                    denials.add(new Denial(policy, Optional.of(binding), objection.message(), objection.reason()));
                    metrics.observe(policy, binding, "deny", error, begun);
                }
                case "Warn" -> {
                    request.notes()
                            .warn("Validation failed for " + KIND + " '" + policy + "' with binding '" + binding + "': "
                                    + objection.message());
                    metrics.observe(policy, binding, "warn", error, begun);
                }
                case "Audit" -> {
                    request.notes()
                            .annotate(
                                    "validation.policy.admission.k8s.io/validation_failure",
                                    failure(invocation, objection));
                    metrics.observe(policy, binding, "audit", error, begun);
                }
                default -> throw new IllegalStateException(action + " should have been refused");
            }
        }
    }

    private static String failure(Invocation<Validations> invocation, Validations.Objection objection) {
        var document = Documents.object()
                .put("message", objection.message())
                .put("policy", invocation.policy().name())
                .put("binding", invocation.binding().name())
                .put("expressionIndex", objection.index());
        invocation.binding().actions().forEach(document.putArray("validationActions")::add);
        return "[" + Documents.text(document) + "]";
    }

    /// As a plain refusal, with the reason that the validation gives.
    private static ApiException refusal(AdmissionRequest request, Denial denial) {
        var plain = request.forbidden(denial.text()).status();
        var reason = switch (denial.reason()) {
            case "Unauthorized" -> Reason.UNAUTHORIZED;
            case "Forbidden" -> Reason.FORBIDDEN;
            case "RequestEntityTooLarge" -> Reason.REQUEST_ENTITY_TOO_LARGE;
            default -> Reason.INVALID;
        };
        var details = plain.details().orElseThrow().causes(List.of(new Status.Cause("", denial.text(), "")));
        return new ApiException(Status.failure(reason.code(), reason, plain.message(), details));
    }
}
