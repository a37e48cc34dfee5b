package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// Fields of pods that v1.34 knows but leaves switched off: they are dropped without a word. Source: Kubernetes feature
/// gates, ContainerRestartRules, ContainerStopSignals, EnvFiles, HostnameOverride and PodCertificateRequest.
public final class AlphaFields {
    private AlphaFields() {}

    /// @param holder of the pod's specification
    public static void drop(JsonNode holder) {
        if (!(holder.path("spec") instanceof ObjectNode spec)) {
            return;
        }
        spec.remove("hostnameOverride");
        for (var list : ContainerLists.ALL) {
            for (var container : spec.path(list)) {
                dropFromContainer((ObjectNode) container, list.equals("initContainers"));
            }
        }
        for (var volume : spec.path("volumes")) {
            volume.path("projected").path("sources").forEach(source -> ((ObjectNode) source).remove("podCertificate"));
        }
    }

    /// Of the policies of containers one is older than the rest: that of sidecars.
    private static void dropFromContainer(ObjectNode container, boolean init) {
        boolean sidecar = init && container.path("restartPolicy").asText("").equals("Always");
        container.remove(sidecar ? List.of("restartPolicyRules") : List.of("restartPolicy", "restartPolicyRules"));
        if (container.get("lifecycle") instanceof ObjectNode lifecycle) {
            lifecycle.remove("stopSignal");
        }
        for (var variable : container.path("env")) {
            if (variable.get("valueFrom") instanceof ObjectNode source) {
                source.remove("fileKeyRef");
            }
        }
    }
}
