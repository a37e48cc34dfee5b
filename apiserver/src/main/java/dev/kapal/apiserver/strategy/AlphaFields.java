package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;

/// Fields of pods that v1.34 knows but leaves switched off, in pods and in everything that has a template of them.
/// Source: Kubernetes feature gates, ContainerRestartRules, ContainerStopSignals, EnvFiles, HostnameOverride,
/// ImageVolume and PodCertificateRequest.
public final class AlphaFields {
    private static final List<DisabledFields> PLAIN = List.of(
            DisabledFields.of("spec.hostnameOverride"),
            DisabledFields.of("spec.volumes[].projected.sources[].podCertificate"),
            ofContainers("env[].valueFrom.fileKeyRef"));
    private static final DisabledFields STOP_SIGNALS = ofContainers("lifecycle.stopSignal");
    private static final DisabledFields IMAGES = DisabledFields.of("spec.volumes[].image");
    private static final DisabledFields RULES = ofContainers("restartPolicyRules");
    private static final DisabledFields POLICIES =
            DisabledFields.of("spec.containers[].restartPolicy", "spec.ephemeralContainers[].restartPolicy");

    private AlphaFields() {}

    private static DisabledFields ofContainers(String field) {
        return DisabledFields.of(ContainerLists.ALL.stream()
                .map(list -> "spec." + list + "[]." + field)
                .toArray(String[]::new));
    }

    /// @param holder of the pod's specification
    public static void drop(JsonNode holder) {
        drop(holder, MissingNode.getInstance());
    }

    /// @param stored what held it before; what it used stays
    public static void drop(JsonNode holder, JsonNode stored) {
        PLAIN.forEach(feature -> feature.drop(holder, stored));
        if (!STOP_SIGNALS.isUsedBy(stored)) {
            containers(holder).forEach(AlphaFields::dropStopSignal);
        }
        if (!IMAGES.isUsedBy(stored)) {
            dropImages(holder.path("spec"));
        }
        if (!restartsByRules(stored)) {
            RULES.drop(holder);
            POLICIES.drop(holder);
            holder.path("spec").path("initContainers").forEach(container -> {
                if (!isSidecar(container)) {
                    ((ObjectNode) container).remove("restartPolicy");
                }
            });
        }
    }

    private static Stream<ObjectNode> containers(JsonNode holder) {
        return ContainerLists.ALL.stream()
                .flatMap(list -> holder.path("spec").path(list).valueStream())
                .map(ObjectNode.class::cast);
    }

    /// A life cycle that says nothing else goes with it.
    private static void dropStopSignal(ObjectNode container) {
        if (container.get("lifecycle") instanceof ObjectNode lifecycle
                && lifecycle.remove("stopSignal") != null
                && lifecycle.isEmpty()) {
            container.remove("lifecycle");
        }
    }

    /// The mounts of a volume go with it.
    private static void dropImages(JsonNode spec) {
        var names = new HashSet<String>();
        for (var volume : spec.path("volumes")) {
            if (volume.has("image")) {
                names.add(volume.path("name").asText(""));
            }
        }
        if (names.isEmpty()) {
            return;
        }
        removeNamed(spec, "volumes", names);
        for (var list : ContainerLists.ALL) {
            spec.path(list).forEach(container -> removeNamed(container, "volumeMounts", names));
        }
    }

    private static void removeNamed(JsonNode holder, String list, HashSet<String> names) {
        var items = holder.path(list).elements();
        while (items.hasNext()) {
            if (names.contains(items.next().path("name").asText(""))) {
                items.remove();
            }
        }
        if (holder.path(list).isEmpty()) {
            ((ObjectNode) holder).remove(list);
        }
    }

    private static boolean restartsByRules(JsonNode holder) {
        return RULES.isUsedBy(holder)
                || POLICIES.isUsedBy(holder)
                || holder.path("spec")
                        .path("initContainers")
                        .valueStream()
                        .anyMatch(container -> container.has("restartPolicy") && !isSidecar(container));
    }

    /// Of the policies of containers one is older than the rest.
    private static boolean isSidecar(JsonNode container) {
        return container.path("restartPolicy").asText("").equals("Always");
    }
}
