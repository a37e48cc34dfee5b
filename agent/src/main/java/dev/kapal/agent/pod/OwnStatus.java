package dev.kapal.agent.pod;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The part of a pod's status that only its node may say: to see when somebody else has said something there (the node
/// controller makes the pods of a silent node unready). Immutable.
record OwnStatus(
        String phase,
        Map<String, String> conditions,
        List<ContainerStatus> inits,
        List<ContainerStatus> containers,
        String podIp) {
    static OwnStatus of(Pod pod) {
        var status = pod.getStatus() == null ? new PodStatus() : pod.getStatus();
        var conditions = new TreeMap<String, String>();
        for (var condition : status.getConditions()) {
            if (Conditions.OWN.contains(condition.getType())) {
                conditions.put(
                        condition.getType(),
                        condition.getStatus() + " " + condition.getReason() + " " + condition.getMessage());
            }
        }
        return new OwnStatus(
                status.getPhase(),
                conditions,
                status.getInitContainerStatuses(),
                status.getContainerStatuses(),
                status.getPodIP());
    }
}
