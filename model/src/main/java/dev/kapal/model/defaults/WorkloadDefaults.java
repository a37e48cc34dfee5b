package dev.kapal.model.defaults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// Defaults of workloads that depend on other fields. Source: API reference of apps/v1, batch/v1, core/v1.
final class WorkloadDefaults {
    private static final int BACKOFF_LIMIT = 6;

    private WorkloadDefaults() {}

    /// A replication controller takes over what its template says of its pods.
    static void replicationController(ObjectNode controller) {
        var labels = controller.path("spec").path("template").path("metadata").path("labels");
        if (labels.isEmpty()) {
            return;
        }
        if (controller.get("spec") instanceof ObjectNode spec
                && spec.path("selector").isEmpty()) {
            spec.set("selector", labels.deepCopy());
        }
        takeLabels(controller, labels);
    }

    private static void takeLabels(ObjectNode object, JsonNode labels) {
        var metadata = object.withObjectProperty("metadata");
        if (!labels.isEmpty() && metadata.path("labels").isEmpty()) {
            metadata.set("labels", labels.deepCopy());
        }
    }

    /// Runs after the type has its default.
    static void rollingUpdate(ObjectNode strategy) {
        if (strategy.path("type").asText().equals("RollingUpdate") && !strategy.hasNonNull("rollingUpdate")) {
            strategy.putObject("rollingUpdate");
        }
    }

    /// Runs before the strategy has its type: only who says nothing of it gets the partition. Claims say what they are.
    static void statefulSetSpec(ObjectNode spec) {
        if (spec.get("updateStrategy") instanceof ObjectNode strategy
                && strategy.path("type").asText().isEmpty()
                && !strategy.hasNonNull("rollingUpdate")) {
            strategy.putObject("rollingUpdate");
        }
        for (var claim : spec.path("volumeClaimTemplates")) {
            if (claim instanceof ObjectNode template) {
                template.put("apiVersion", "v1").put("kind", "PersistentVolumeClaim");
            }
        }
    }

    /// Of jobs only: the templates of cron jobs stay as they were written.
    static void job(ObjectNode job) {
        if (!(job.get("spec") instanceof ObjectNode spec)) {
            return;
        }
        if (isUnset(spec, "completions") && isUnset(spec, "parallelism")) {
            spec.put("completions", 1).put("parallelism", 1);
        }
        if (isUnset(spec, "parallelism")) {
            spec.put("parallelism", 1);
        }
        if (isUnset(spec, "backoffLimit")) {
            spec.put("backoffLimit", isUnset(spec, "backoffLimitPerIndex") ? BACKOFF_LIMIT : Integer.MAX_VALUE);
        }
        takeLabels(job, spec.path("template").path("metadata").path("labels"));
        if (isUnset(spec, "completionMode")) {
            spec.put("completionMode", "NonIndexed");
        }
        if (isUnset(spec, "suspend")) {
            spec.put("suspend", false);
        }
        if (isUnset(spec, "podReplacementPolicy")) {
            spec.put("podReplacementPolicy", isUnset(spec, "podFailurePolicy") ? "TerminatingOrFailed" : "Failed");
        }
        if (isUnset(spec, "manualSelector")) {
            spec.put("manualSelector", false);
        }
    }

    private static boolean isUnset(ObjectNode spec, String field) {
        return !spec.hasNonNull(field);
    }
}
