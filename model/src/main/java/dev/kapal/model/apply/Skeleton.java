package dev.kapal.model.apply;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Schema;
import dev.kapal.model.codec.Documents;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What an object of a built-in kind holds before anybody wrote to it: the structures that upstream's types contain
/// themselves rather than point to, and lists and maps that are always there. They come into being with the object, so
/// nobody becomes their owner by creating it. A custom resource begins with nothing. Any thread.
final class Skeleton {
    /// Fields that are structures, by the last part of their type's name.
    private static final Map<String, List<String>> STRUCTURES = Map.ofEntries(
            Map.entry("DeploymentSpec", List.of("strategy", "template")),
            Map.entry("DaemonSetSpec", List.of("updateStrategy", "template")),
            Map.entry("StatefulSetSpec", List.of("updateStrategy", "template")),
            Map.entry("ReplicaSetSpec", List.of("template")),
            Map.entry("PodTemplate", List.of("template")),
            Map.entry("PodTemplateSpec", List.of("spec")),
            Map.entry("JobSpec", List.of("template")),
            Map.entry("CronJobSpec", List.of("jobTemplate")),
            Map.entry("JobTemplateSpec", List.of("spec")),
            Map.entry("ServiceStatus", List.of("loadBalancer")),
            Map.entry("IngressStatus", List.of("loadBalancer")),
            Map.entry("NodeStatus", List.of("daemonEndpoints", "nodeInfo")),
            Map.entry("NodeDaemonEndpoints", List.of("kubeletEndpoint")),
            Map.entry("PersistentVolumeClaimSpec", List.of("resources")),
            Map.entry("Event", List.of("involvedObject", "source", "regarding", "deprecatedSource")),
            Map.entry("NetworkPolicySpec", List.of("podSelector")),
            Map.entry("HorizontalPodAutoscalerSpec", List.of("scaleTargetRef")),
            Map.entry("RoleBinding", List.of("roleRef")),
            Map.entry("ClusterRoleBinding", List.of("roleRef")),
            Map.entry("VolumeAttachmentSpec", List.of("source")),
            Map.entry("FlowSchemaSpec", List.of("priorityLevelConfiguration")),
            Map.entry("CustomResourceDefinitionSpec", List.of("names")),
            Map.entry("CustomResourceDefinitionStatus", List.of("acceptedNames")),
            Map.entry("ResourceClaimTemplateSpec", List.of("spec")),
            Map.entry("ResourceClaimSpec", List.of("devices")),
            Map.entry("ResourceSliceSpec", List.of("pool")));

    private static final Map<String, ObjectNode> KNOWN = new ConcurrentHashMap<>();

    private Skeleton() {}

    /// To be read only.
    static ObjectNode of(Schema kind) {
        return kind.name().isEmpty()
                ? Documents.object()
                : KNOWN.computeIfAbsent(kind.name(), name -> structure(kind, true));
    }

    private static ObjectNode structure(Schema type, boolean root) {
        var result = Documents.object();
        var structures = STRUCTURES.getOrDefault(lastPart(type.name()), List.of());
        for (var entry : type.properties().entrySet()) {
            var name = entry.getKey();
            var field = entry.getValue();
            boolean contained = structures.contains(name)
                    || field.name().endsWith(".ObjectMeta")
                    || root && (name.equals("spec") || name.equals("status"));
            if (contained && field.type() == Schema.Type.OBJECT) {
                result.set(name, structure(field, false));
            } else if (type.required().contains(name) && isCollection(field)) {
                result.putNull(name);
            }
        }
        return result;
    }

    private static boolean isCollection(Schema field) {
        return field.type() == Schema.Type.ARRAY || field.additionalProperties().isPresent();
    }

    private static String lastPart(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
