package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;

/// What of a pod's specification may change after it was created.
final class PodUpdateRules {
    private static final String ONLY = "pod updates may not change fields other than `spec.containers[*].image`,"
            + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing"
            + " tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

    private PodUpdateRules() {}

    static void check(JsonNode spec, JsonNode before, Problems problems) {
        for (var list : List.of("containers", "initContainers")) {
            if (spec.path(list).size() != before.path(list).size()) {
                problems.forbidden("spec." + list, "pod updates may not add or remove containers");
                return;
            }
            checkImages("spec." + list, spec.path(list), problems);
        }
        checkDeadline(spec, before, problems);
        checkTolerations(spec.path("tolerations"), before.path("tolerations"), problems);
        PodRules.checkTolerations("spec.tolerations", spec.path("tolerations"), problems);
        GatedPodRules.check(spec, before, problems);
        var leveled = (ObjectNode) spec.deepCopy();
        takeAllowed(leveled, (ObjectNode) before);
        if (!leveled.equals(before)) {
            problems.forbidden("spec", ONLY + "\n" + SpecDiff.of("PodSpec", before, leveled));
        }
    }

    private static void checkImages(String path, JsonNode containers, Problems problems) {
        for (int i = 0; i < containers.size(); i++) {
            var image = containers.get(i).path("image").asText("");
            var at = Problems.at(path, i) + ".image";
            if (image.isEmpty()) {
                problems.required(at, "");
            } else if (!image.strip().equals(image)) {
                problems.invalid(at, image, "must not have leading or trailing whitespace");
            }
        }
    }

    private static void checkDeadline(JsonNode spec, JsonNode before, Problems problems) {
        var path = "spec.activeDeadlineSeconds";
        var now = spec.path("activeDeadlineSeconds");
        var old = before.path("activeDeadlineSeconds");
        if (now.isMissingNode()) {
            if (!old.isMissingNode()) {
                problems.invalid(path, null, "must not update from a positive integer to nil value");
            }
            return;
        }
        if (now.asLong() < 0 || now.asLong() > Integer.MAX_VALUE) {
            problems.invalid(path, now.asLong(), "must be between 0 and 2147483647, inclusive");
        } else if (!old.isMissingNode() && now.asLong() > old.asLong()) {
            problems.invalid(path, now.asLong(), "must be less than or equal to previous value");
        }
    }

    /// Undoes in `spec` every change that is allowed, so that what is left to differ is not.
    private static void takeAllowed(ObjectNode spec, ObjectNode before) {
        for (var list : List.of("containers", "initContainers")) {
            for (int i = 0; i < spec.path(list).size(); i++) {
                Copies.field("image", (ObjectNode) before.get(list).get(i), (ObjectNode)
                        spec.get(list).get(i));
            }
        }
        Copies.field("activeDeadlineSeconds", before, spec);
        var grace = before.path("terminationGracePeriodSeconds");
        if (grace.asLong(0) < 0 && spec.path("terminationGracePeriodSeconds").asLong() == 1) {
            Copies.field("terminationGracePeriodSeconds", before, spec);
        }
        Copies.field("tolerations", before, spec); // what is wrong with these has been told
        Copies.field("schedulingGates", before, spec);
        if (!before.path("schedulingGates").isEmpty()) {
            Copies.field("nodeSelector", before, spec);
            GatedPodRules.levelNodeAffinity(spec, before);
        }
    }

    /// Tolerations are only added; how long one holds may change.
    private static void checkTolerations(JsonNode tolerations, JsonNode before, Problems problems) {
        var present = new HashSet<JsonNode>();
        tolerations.forEach(toleration -> present.add(timeless(toleration)));
        for (var old : before) {
            if (!present.contains(timeless(old))) {
                problems.forbidden(
                        "spec.tolerations", "existing toleration can not be modified except its tolerationSeconds");
                return;
            }
        }
    }

    private static JsonNode timeless(JsonNode toleration) {
        var copy = (ObjectNode) toleration.deepCopy();
        copy.remove("tolerationSeconds");
        return copy;
    }
}
