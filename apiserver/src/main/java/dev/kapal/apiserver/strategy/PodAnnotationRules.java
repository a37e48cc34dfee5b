package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;

/// Annotations of pods that mean something to Kubernetes. Source: well-known labels, annotations and taints.
final class PodAnnotationRules {
    private static final String MIRROR = "kubernetes.io/config.mirror";
    private static final String DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";

    private PodAnnotationRules() {}

    static void check(String path, JsonNode annotations, JsonNode spec, Problems problems) {
        if (annotations.has(MIRROR) && spec.path("nodeName").asText("").isEmpty()) {
            problems.invalid(
                    Problems.at(path, MIRROR),
                    annotations.get(MIRROR).asText(),
                    "must set spec.nodeName if mirror pod annotation is set");
        }
        if (annotations.has(DELETION_COST)
                && !isInteger(annotations.get(DELETION_COST).asText())) {
            problems.invalid(
                    Problems.at(path, DELETION_COST),
                    annotations.get(DELETION_COST).asText(),
                    "must be a 32bit integer");
        }
        ProfileAnnotations.checkSeccomp(path, annotations, problems);
        annotations.properties().forEach(annotation -> {
            if (annotation.getKey().startsWith(ProfileAnnotations.APP_ARMOR)) {
                var name = annotation.getKey().substring(ProfileAnnotations.APP_ARMOR.length());
                var at = Problems.at(path, annotation.getKey());
                checkAppArmor(at, name, annotation.getValue().asText(), spec, problems);
            }
        });
    }

    /// Without a plus in front, and without zeros before other digits.
    private static boolean isInteger(String text) {
        if (!text.matches("-?(0|[1-9][0-9]{0,9})")) {
            return false;
        }
        long value = Long.parseLong(text);
        return value >= Integer.MIN_VALUE && value <= Integer.MAX_VALUE;
    }

    private static void checkAppArmor(String path, String container, String profile, JsonNode spec, Problems problems) {
        var names = new ArrayList<String>();
        ContainerLists.visit("", spec, (_, c) -> names.add(c.path("name").asText("")));
        if (!names.contains(container)) {
            problems.invalid(path, container, "container not found");
        }
        boolean known = profile.isEmpty()
                || profile.equals("runtime/default")
                || profile.equals("unconfined")
                || profile.startsWith("localhost/");
        if (!known) {
            problems.invalid(path, profile, "invalid AppArmor profile name: \"" + profile + "\"");
        }
    }

    /// What an update of a pod may not add, change or take away.
    static void checkKept(JsonNode annotations, JsonNode before, Problems problems) {
        var path = "metadata.annotations";
        before.properties().forEach(old -> {
            var key = old.getKey();
            if (old.getValue().equals(annotations.get(key))) {
                return;
            }
            if (key.startsWith(ProfileAnnotations.APP_ARMOR)) {
                problems.forbidden(Problems.at(path, key), "may not remove or update AppArmor annotations");
            }
            if (key.equals(MIRROR)) {
                problems.forbidden(Problems.at(path, key), "may not remove or update mirror pod annotation");
            }
        });
        annotations.fieldNames().forEachRemaining(key -> {
            if (before.has(key)) {
                return;
            }
            if (key.startsWith(ProfileAnnotations.APP_ARMOR)) {
                problems.forbidden(Problems.at(path, key), "may not add AppArmor annotations");
            }
            if (key.equals(MIRROR)) {
                problems.forbidden(Problems.at(path, key), "may not add mirror pod annotation");
            }
        });
    }

    /// Whether the pod only shows one that an agent runs by itself.
    static boolean isMirror(JsonNode pod) {
        return pod.path("metadata").path("annotations").has(MIRROR);
    }
}
