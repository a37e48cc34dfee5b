package dev.kapal.apiserver.strategy.batch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.WorkloadRules;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.select.LabelSelector;
import java.util.List;

/// The selector that a job gets when it does not bring its own: the uid tells its pods from all others. Source:
/// batch/v1
/// API reference, `manualSelector`.
final class JobSelector {
    private static final String UID = "batch.kubernetes.io/controller-uid";
    private static final String OLD_UID = "controller-uid";
    private static final List<String> NAMES = List.of("job-name", "batch.kubernetes.io/job-name");

    private JobSelector() {}

    /// Called once the job has its name; again with another name when a generated one was taken.
    static void generate(ObjectNode job) {
        if (!(job.get("spec") instanceof ObjectNode spec) || isManual(job)) {
            return;
        }
        var metadata = job.path("metadata");
        var name = metadata.path("name").asText("");
        var uid = metadata.path("uid").asText("");
        var labels = spec.withObjectProperty("template")
                .withObjectProperty("metadata")
                .withObjectProperty("labels");
        for (var key : NAMES) {
            if (!labels.has(key) || isEarlierName(job, labels.path(key).asText())) {
                labels.put(key, name);
            }
        }
        labels.putIfAbsent(OLD_UID, labels.textNode(uid));
        labels.putIfAbsent(UID, labels.textNode(uid));
        spec.withObjectProperty("selector").withObjectProperty("matchLabels").putIfAbsent(UID, labels.textNode(uid));
    }

    /// What this job was called in an attempt before, when its name is being generated.
    private static boolean isEarlierName(ObjectNode job, String label) {
        var metadata = job.path("metadata");
        var base = metadata.path("generateName").asText("");
        return !base.isEmpty()
                && label.startsWith(base)
                && label.length() == metadata.path("name").asText("").length();
    }

    static boolean isManual(ObjectNode job) {
        return job.path("spec").path("manualSelector").asBoolean(false);
    }

    static void check(ObjectNode job, Problems problems) {
        var spec = job.path("spec");
        var selector = spec.path("selector");
        if (isManual(job) || selector.isMissingNode()) {
            return;
        }
        var expected = Documents.object();
        var uid = job.path("metadata").path("uid").asText("");
        var name = job.path("metadata").path("name").asText("");
        expected.put(OLD_UID, uid).put(NAMES.getFirst(), name);
        expected.put(UID, uid).put(NAMES.getLast(), name);
        var labels = spec.path("template").path("metadata").path("labels");
        expected.properties().forEach(label -> {
            var path = "spec.template.metadata.labels[" + label.getKey() + "]";
            var wanted = label.getValue().asText();
            if (!labels.has(label.getKey())) {
                problems.required(path, "must be '" + wanted + "'");
            } else if (!labels.get(label.getKey()).asText().equals(wanted)) {
                problems.invalid(path, labels.get(label.getKey()), "must be '" + wanted + "'");
            }
        });
        if (WorkloadRules.isValid(selector)
                && !LabelSelector.fromDocument(selector).matches(expected)) {
            problems.invalid("spec.selector", selector, "`selector` not auto-generated");
        }
    }
}
