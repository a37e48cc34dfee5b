package dev.kapal.agent.server;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Decides from a pod's status which of a container's runs has the log that is asked for. Pure.
final class LoggedContainer {
    private LoggedContainer() {}

    /// The id of the run, without the name of the runtime.
    ///
    /// @throws Refusal with the reason why there is no log (yet)
    static String idOf(Pod pod, String container, boolean previous) {
        var name = "container \"%s\" in pod \"%s\""
                .formatted(container, pod.getMetadata().getName());
        var status = status(pod, container).orElseThrow(() -> Refusal.badRequest(name + " is not available"));
        var last = terminated(status.getLastState());
        var lastId = last.map(ContainerStateTerminated::getContainerID).filter(id -> !id.isEmpty());
        if (previous) {
            return bare(lastId.orElseThrow(() -> Refusal.badRequest("previous terminated " + name + " not found")));
        }
        var state = Optional.ofNullable(status.getState()).orElseGet(ContainerState::new);
        if (state.getRunning() != null) {
            return bare(status.getContainerID());
        }
        var now = terminated(state);
        if (now.isPresent() || last.isPresent()) {
            return bare(now.map(ContainerStateTerminated::getContainerID)
                    .filter(id -> !id.isEmpty())
                    .or(() -> lastId)
                    .orElseThrow(() -> Refusal.badRequest(name + " is terminated")));
        }
        if (state.getWaiting() == null) {
            throw Refusal.badRequest(name + " is waiting to start - no logs yet");
        }
        throw Refusal.badRequest(
                name + " is waiting to start: " + why(state.getWaiting().getReason()));
    }

    private static String why(String reason) {
        return switch (reason == null ? "" : reason) {
            case "ErrImagePull" -> "image can't be pulled";
            case "ImagePullBackOff" -> "trying and failing to pull image";
            default -> reason;
        };
    }

    private static Optional<ContainerStatus> status(Pod pod, String container) {
        var status = Optional.ofNullable(pod.getStatus()).orElseGet(PodStatus::new);
        return Stream.of(
                        status.getContainerStatuses(),
                        status.getInitContainerStatuses(),
                        status.getEphemeralContainerStatuses())
                .flatMap(List::stream)
                .filter(one -> one.getName().equals(container))
                .findFirst();
    }

    private static Optional<ContainerStateTerminated> terminated(ContainerState state) {
        return Optional.ofNullable(state).map(ContainerState::getTerminated);
    }

    /// `containerd://4f…` without the scheme.
    private static String bare(String id) {
        return id.substring(id.indexOf("://") < 0 ? 0 : id.indexOf("://") + 3);
    }
}
