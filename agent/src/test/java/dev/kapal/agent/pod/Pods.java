package dev.kapal.agent.pod;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;

/// Short words to build and read pods in tests.
final class Pods {
    private Pods() {}

    /// A pod with one container `main` of the image `demo:1`.
    static PodBuilder pod(String name) {
        return empty(name)
                .editSpec()
                .addNewContainer()
                .withName("main")
                .withImage("demo:1")
                .endContainer()
                .endSpec();
    }

    static PodBuilder empty(String name) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName(name)
                .withUid("uid-" + name)
                .withGeneration(1L)
                .withCreationTimestamp("2025-01-01T00:00:00Z")
                .endMetadata()
                .withNewSpec()
                .withNodeName("n1")
                .withRestartPolicy("Always")
                .withTerminationGracePeriodSeconds(30L)
                .endSpec();
    }

    static ContainerStatus status(Pod pod, String container) {
        return java.util.stream.Stream.of(
                        pod.getStatus().getContainerStatuses(),
                        pod.getStatus().getInitContainerStatuses(),
                        pod.getStatus().getEphemeralContainerStatuses())
                .flatMap(java.util.List::stream)
                .filter(status -> status.getName().equals(container))
                .findFirst()
                .orElseThrow();
    }

    static String waiting(Pod pod, String container) {
        var waiting = status(pod, container).getState().getWaiting();
        return waiting == null ? "" : String.valueOf(waiting.getReason());
    }

    static boolean isRunning(Pod pod, String container) {
        return pod.getStatus() != null
                && !pod.getStatus().getContainerStatuses().isEmpty()
                && status(pod, container).getState().getRunning() != null;
    }

    static PodCondition condition(Pod pod, String type) {
        return pod.getStatus().getConditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElseThrow();
    }

    static boolean isReady(Pod pod) {
        return pod != null
                && pod.getStatus() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(c ->
                                c.getType().equals("Ready") && c.getStatus().equals("True"));
    }
}
