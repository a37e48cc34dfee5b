package dev.kapal.apiserver.admission.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.admission.AdmissionPlugin;
import dev.kapal.apiserver.admission.AdmissionRequest;
import dev.kapal.apiserver.admission.AdmissionRequest.Operation;
import dev.kapal.apiserver.admission.ObjectReader;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.cache.CachedObject;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.metric.Metrics.Counter;
import dev.kapal.model.GroupVersionResource;
import dev.kapal.model.codec.Documents;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Holds pods to the Pod Security Standard that the labels of their namespace name: refuses them (enforce), notes them
/// in the audit log (audit) or tells the client (warn). Of workloads only the latter two. Any thread.
///
/// Source: Kubernetes documentation, Pod Security Admission.
public final class PodSecurity implements AdmissionPlugin.Validating {
    private static final GroupVersionResource NAMESPACES = new GroupVersionResource("", "v1", "namespaces");
    private static final GroupVersionResource PODS = new GroupVersionResource("", "v1", "pods");
    private static final Set<String> IGNORED =
            Set.of("exec", "attach", "binding", "eviction", "log", "portforward", "proxy", "status");
    private static final int MOST_PODS = 3000;

    private final PodSecurityConfig config;
    private final ObjectReader objects;
    private final Counter evaluations;
    private final Counter exemptions;

    public PodSecurity(PodSecurityConfig config, ObjectReader objects, Metrics metrics) {
        this.config = config;
        this.objects = objects;
        this.exemptions = metrics.counter(
                "pod_security_exemptions_total",
                "Number of exempt requests, not counting ignored or out of scope requests.",
                "request_operation",
                "resource",
                "subresource");
        this.evaluations = metrics.counter(
                "pod_security_evaluations_total",
                "Number of policy evaluations that occurred, not counting ignored or exempt requests.",
                "decision",
                "mode",
                "policy_level",
                "policy_version",
                "request_operation",
                "resource",
                "subresource");
    }

    @Override
    public String name() {
        return "PodSecurity";
    }

    @Override
    public void validate(AdmissionRequest request) throws InterruptedException {
        if (request.operation() != Operation.CREATE && request.operation() != Operation.UPDATE) {
            return;
        }
        if (request.isCore("namespaces")) {
            validateNamespace(request);
        } else if (request.isCoreOrBelow("pods")) {
            validatePod(request);
        } else if (request.subresource().isEmpty()) {
            var workload = Workloads.pod(request);
            if (workload.isPresent()) {
                validateWorkload(request, workload.get());
            }
        }
    }

    private void validatePod(AdmissionRequest request) throws InterruptedException {
        if (IGNORED.contains(request.subresource())) {
            return;
        }
        if (exempts(request)) {
            return;
        }
        var policy = policy(request);
        if (policy.problems().isEmpty() && policy.isPrivileged()) {
            return;
        }
        var pod = request.object().orElseThrow();
        if (request.isUpdate() && !PodChanges.matter(pod, request.stored().orElseThrow())) {
            return;
        }
        var view = new PodView(pod.path("metadata"), pod.path("spec"));
        if (exempts(request, view)) {
            return;
        }
        request.notes()
                .annotate(Policy.PREFIX + "enforce-policy", policy.enforce().toString());
        var violations = Standard.violations(policy.enforce(), view);
        count(violations.isEmpty() ? "allow" : "deny", "enforce", policy.enforce(), request);
        audit(request, policy, view);
        if (!violations.isEmpty()) {
            throw request.forbidden(
                    "violates PodSecurity \"" + policy.enforce() + "\": " + Violation.details(violations));
        }
        warn(request, policy, view);
    }

    private void validateWorkload(AdmissionRequest request, PodView pod) throws InterruptedException {
        if (exempts(request)) {
            return;
        }
        var policy = policy(request);
        if (policy.asksNothingOfWorkloads() || exempts(request, pod)) {
            return;
        }
        audit(request, policy, pod);
        warn(request, policy, pod);
    }

    /// Whether nothing that the request could be about concerns us.
    private boolean exempts(AdmissionRequest request) {
        if (config.exemptsNamespace(request.namespace())) {
            noteExempt(request, "namespace");
            return true;
        }
        if (config.exemptsUser(request.user().name())) {
            noteExempt(request, "user");
            return true;
        }
        return false;
    }

    private boolean exempts(AdmissionRequest request, PodView pod) {
        if (config.exemptsRuntimeClass(pod.spec())) {
            noteExempt(request, "runtimeClass");
            return true;
        }
        return false;
    }

    private void noteExempt(AdmissionRequest request, String why) {
        request.notes().annotate(Policy.PREFIX + "exempt", why);
        exemptions.increment(
                request.operation().name().toLowerCase(Locale.ROOT), resource(request), request.subresource());
    }

    private static String resource(AdmissionRequest request) {
        return request.isCoreOrBelow("pods") ? "pod" : "controller";
    }

    private void audit(AdmissionRequest request, Policy policy, PodView pod) {
        if (!policy.problems().isEmpty()) {
            var first = policy.problems().found().getFirst();
            request.notes().annotate(Policy.PREFIX + "error", "Failed to parse policy: " + first.message());
        }
        var violations = Standard.violations(policy.audit(), pod);
        if (!violations.isEmpty()) {
            count("deny", "audit", policy.audit(), request);
            request.notes()
                    .annotate(
                            Policy.PREFIX + "audit-violations",
                            "would violate PodSecurity \"" + policy.audit() + "\": " + Violation.details(violations));
        }
    }

    private void warn(AdmissionRequest request, Policy policy, PodView pod) {
        var violations = Standard.violations(policy.warn(), pod);
        if (!violations.isEmpty()) {
            count("deny", "warn", policy.warn(), request);
            request.notes()
                    .warn("would violate PodSecurity \"" + policy.warn() + "\": " + Violation.details(violations));
        }
    }

    private void count(String decision, String mode, LevelVersion policy, AdmissionRequest request) {
        evaluations.increment(
                decision,
                mode,
                policy.level().text(),
                policy.versionForMetrics(),
                request.operation().name().toLowerCase(Locale.ROOT),
                resource(request),
                request.subresource());
    }

    private Policy policy(AdmissionRequest request) throws InterruptedException {
        return Policy.of(
                objects.cached(NAMESPACES, "", request.namespace())
                        .map(CachedObject::labels)
                        .orElse(Map.of()),
                config.defaults());
    }

    private void validateNamespace(AdmissionRequest request) throws InterruptedException {
        var labels = labels(request.object().orElseThrow());
        var next = Policy.of(labels, config.defaults());
        if (request.isCreate()) {
            refuseIfBroken(request, next);
            if (config.exemptsNamespace(request.nameForMessages())) {
                warnOfExemption(request, next, labels);
            }
            return;
        }
        var before = Policy.of(labels(request.stored().orElseThrow()), config.defaults());
        if (!next.problems().found().equals(before.problems().found())) {
            refuseIfBroken(request, next);
        }
        boolean relaxed = next.enforce().minor() == before.enforce().minor()
                && next.enforce().level().compareTo(before.enforce().level()) <= 0;
        if (next.enforce().isPrivileged() || relaxed || next.enforce().equals(before.enforce())) {
            return;
        }
        if (config.exemptsNamespace(request.nameForMessages())) {
            warnOfExemption(request, next, labels);
        } else {
            warnOfPods(request, next.enforce());
        }
    }

    private void warnOfExemption(AdmissionRequest request, Policy policy, Map<String, String> labels) {
        if (!policy.isPrivileged() && !policy.isSameAs(config.defaults())) {
            request.notes()
                    .warn("namespace \"" + request.nameForMessages()
                            + "\" is exempt from Pod Security, and the policy (" + policy.asked(labels)
                            + ") will be ignored");
        }
    }

    private static void refuseIfBroken(AdmissionRequest request, Policy policy) {
        if (!policy.problems().isEmpty()) {
            throw ApiException.invalid(
                    request.kind(), request.nameForMessages(), policy.problems().found());
        }
    }

    private static Map<String, String> labels(ObjectNode namespace) {
        var labels = new HashMap<String, String>();
        for (var label : namespace.path("metadata").path("labels").properties()) {
            labels.put(label.getKey(), label.getValue().asText());
        }
        return labels;
    }

    /// Says which of the pods that are there could not be made again.
    private void warnOfPods(AdmissionRequest request, LevelVersion enforce) throws InterruptedException {
        var pods = objects.list(PODS, request.nameForMessages());
        var names = new HashMap<String, String>();
        var counts = new TreeMap<String, Integer>();
        for (var cached : pods.subList(0, Math.min(pods.size(), MOST_PODS))) {
            JsonNode pod = cached.document();
            var violations = Standard.violations(enforce, new PodView(pod.path("metadata"), pod.path("spec")));
            if (!violations.isEmpty() && !config.exemptsRuntimeClass(pod.path("spec"))) {
                var reasons = Violation.reasons(violations);
                names.putIfAbsent(reasons, cached.name()); // they come in the order of their names
                counts.merge(reasons, 1, Integer::sum);
            }
        }
        if (pods.size() > MOST_PODS) {
            request.notes()
                    .warn("new PodSecurity enforce level only checked against the first " + MOST_PODS + " of "
                            + pods.size() + " existing pods");
        }
        if (counts.isEmpty()) {
            return;
        }
        request.notes()
                .warn("existing pods in namespace \"" + request.nameForMessages()
                        + "\" violate the new PodSecurity enforce level \"" + enforce + "\"");
        counts.entrySet().stream()
                .map(entry -> names.get(entry.getKey()) + others(entry.getValue() - 1) + ": " + entry.getKey())
                .sorted()
                .forEach(request.notes()::warn);
    }

    private static String others(int count) {
        return switch (count) {
            case 0 -> "";
            case 1 -> " (and 1 other pod)";
            default -> " (and " + count + " other pods)";
        };
    }

    /// What workloads make pods of.
    private static final class Workloads {
        private static final Set<String> TEMPLATES = Set.of(
                "/replicationcontrollers",
                "apps/deployments",
                "apps/replicasets",
                "apps/statefulsets",
                "apps/daemonsets",
                "batch/jobs");

        static Optional<PodView> pod(AdmissionRequest request) {
            var definition = request.definition();
            var resource = definition.groupVersion().group() + "/" + definition.plural();
            var object = request.object().map(JsonNode.class::cast).orElseGet(Documents::object);
            return switch (resource) {
                case "/podtemplates" -> view(object.path("template"));
                case "batch/cronjobs" ->
                    view(object.path("spec").path("jobTemplate").path("spec").path("template"));
                default ->
                    TEMPLATES.contains(resource) ? view(object.path("spec").path("template")) : Optional.empty();
            };
        }

        private static Optional<PodView> view(JsonNode template) {
            return template.isObject()
                    ? Optional.of(new PodView(template.path("metadata"), template.path("spec")))
                    : Optional.empty();
        }
    }
}
