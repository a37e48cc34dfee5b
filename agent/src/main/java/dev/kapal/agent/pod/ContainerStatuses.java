package dev.kapal.agent.pod;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountStatus;
import io.fabric8.kubernetes.api.model.VolumeMountStatusBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The status of each container of a pod. Pure.
///
/// Source: Pod API, ContainerStatus; Kubernetes documentation, "Container states".
final class ContainerStatuses {
    private static final int KILLED = 137;
    private static final String UNKNOWN = "ContainerStatusUnknown";

    private final Sight sight;

    ContainerStatuses(Sight sight) {
        this.sight = sight;
    }

    /// `old` is what the API last heard of these containers.
    List<ContainerStatus> of(List<Member> members, List<ContainerStatus> old) {
        return members.stream()
                .map(member -> of(
                        member,
                        old.stream()
                                .filter(status -> status.getName().equals(member.name()))
                                .findFirst()))
                .toList();
    }

    private ContainerStatus of(Member member, Optional<ContainerStatus> old) {
        var latest = sight.observed().latest(member.name());
        var status = latest.isPresent() ? seen(member, latest.get(), old) : unseen(member, old);
        if (sight.stage() == Sight.Stage.LIVING) {
            putWait(member, latest, status);
        }
        if (sight.stage() == Sight.Stage.ENDED) {
            putEnd(member, status);
        }
        boolean running = status.getState().getRunning() != null;
        var verdict = latest.filter(ObservedContainer::isRunning).map(sight.verdicts()::of);
        boolean started = running && verdict.map(v -> v.started()).orElse(false);
        var ended = status.getState().getTerminated();
        if (member.role() == Member.Role.EPHEMERAL) {
            status.setReady(false);
            return status;
        }
        status.setStarted(started);
        status.setReady(
                member.role() == Member.Role.INIT
                        ? ended != null && ended.getExitCode() == 0
                        : started && verdict.map(v -> v.ready()).orElse(false));
        return status;
    }

    private ContainerStatus seen(Member member, ObservedContainer container, Optional<ContainerStatus> old) {
        var status = new ContainerStatusBuilder()
                .withName(member.name())
                .withImage(container.image())
                .withImageID(container.imageId())
                .withContainerID("containerd://" + container.id())
                .withRestartCount(container.restartCount())
                .withState(state(container))
                .withLastState(lastState(container, old))
                .withVolumeMounts(mounts(member.spec().getVolumeMounts()))
                .build();
        var resources = member.spec().getResources();
        if (container.isRunning() && resources != null && member.role() != Member.Role.EPHEMERAL) {
            status.setResources(resources);
            if (!Limits.requests(member.spec()).isEmpty()) {
                status.setAllocatedResources(Limits.requests(member.spec()));
            }
        }
        return status;
    }

    private ContainerState lastState(ObservedContainer container, Optional<ContainerStatus> old) {
        var previous = sight.observed().previous(container.name());
        if (previous.isPresent()) {
            return state(previous.get());
        }
        return old.filter(status -> ("containerd://" + container.id()).equals(status.getContainerID()))
                .map(ContainerStatus::getLastState)
                .orElseGet(ContainerState::new);
    }

    static ContainerState state(ObservedContainer container) {
        return switch (container.state()) {
            case RUNNING ->
                new ContainerStateBuilder()
                        .withNewRunning()
                        .withStartedAt(text(container.startedAt()))
                        .endRunning()
                        .build();
            case EXITED -> terminated(container);
            case CREATED, UNKNOWN ->
                new ContainerStateBuilder()
                        .withNewWaiting()
                        .withReason("ContainerCreating")
                        .endWaiting()
                        .build();
        };
    }

    private static ContainerState terminated(ObservedContainer container) {
        return new ContainerStateBuilder()
                .withNewTerminated()
                .withExitCode(container.exitCode())
                .withReason(container.reason().isEmpty() ? reason(container.exitCode()) : container.reason())
                .withMessage(container.message().isEmpty() ? null : container.message())
                .withStartedAt(text(container.startedAt()))
                .withFinishedAt(text(container.finishedAt()))
                .withContainerID("containerd://" + container.id())
                .endTerminated()
                .build();
    }

    private static String reason(int exitCode) {
        return exitCode == 0 ? "Completed" : "Error";
    }

    /// The runtime has no such container: not yet, or not any more.
    private ContainerStatus unseen(Member member, Optional<ContainerStatus> old) {
        boolean hasInit = !sight.pod().getSpec().getInitContainers().isEmpty();
        var status = new ContainerStatusBuilder()
                .withName(member.name())
                .withImage(member.spec().getImage())
                .withImageID("")
                .withRestartCount(old.map(ContainerStatus::getRestartCount).orElse(0))
                .withNewState()
                .withNewWaiting()
                .withReason(hasInit ? "PodInitializing" : "ContainerCreating")
                .endWaiting()
                .endState()
                .withLastState(old.map(ContainerStatus::getLastState).orElseGet(ContainerState::new))
                .withVolumeMounts(mounts(member.spec().getVolumeMounts()))
                .build();
        if (old.isEmpty() || old.get().getState() == null) {
            return status;
        }
        var was = old.get().getState();
        if (was.getTerminated() != null) {
            status.setState(was);
            status.setContainerID(old.get().getContainerID());
            status.setImageID(old.get().getImageID());
            return status;
        }
        if (was.getRunning() != null) {
            lost(status, was.getRunning().getStartedAt());
        }
        return status;
    }

    /// A container that ran when we last looked, and of which the runtime knows nothing now.
    private void lost(ContainerStatus status, String startedAt) {
        var gone = new ContainerStateBuilder()
                .withNewTerminated()
                .withReason(UNKNOWN)
                .withMessage("The container could not be located when the pod was deleted.  "
                        + "The container used to be Running")
                .withExitCode(KILLED)
                .withStartedAt(startedAt)
                .withFinishedAt(text(sight.now()))
                .endTerminated()
                .build();
        if ("Never".equals(sight.pod().getSpec().getRestartPolicy()) || sight.stage() != Sight.Stage.LIVING) {
            status.setState(gone);
            return;
        }
        status.setLastState(gone);
        status.setRestartCount(status.getRestartCount() + 1);
    }

    /// A container that shall run and could not be started says why.
    private void putWait(Member member, Optional<ObservedContainer> latest, ContainerStatus status) {
        var wait = sight.waits().get(member.name());
        boolean runs = latest.map(ObservedContainer::isRunning).orElse(false);
        if (wait == null || runs) {
            return;
        }
        if (latest.isPresent() && !PodPlan.restarts(sight.pod(), member, latest.get())) {
            return;
        }
        if (status.getState().getTerminated() != null) {
            status.setLastState(status.getState());
        }
        status.setState(new ContainerStateBuilder()
                .withNewWaiting()
                .withReason(wait.reason())
                .withMessage(wait.message())
                .endWaiting()
                .build());
    }

    /// In a pod that has ended no container may look as if it could still run.
    private void putEnd(Member member, ContainerStatus status) {
        if (status.getState().getTerminated() != null || !mayHaveRun(member)) {
            return;
        }
        status.setState(new ContainerStateBuilder()
                .withNewTerminated()
                .withReason(UNKNOWN)
                .withMessage("The container could not be located when the pod was terminated")
                .withExitCode(KILLED)
                .endTerminated()
                .build());
    }

    /// Containers that were waiting for others to end keep their waiting state.
    private boolean mayHaveRun(Member member) {
        if (member.role() == Member.Role.EPHEMERAL) {
            return false;
        }
        var inits = Member.inits(sight.pod());
        boolean initialized = inits.stream()
                .allMatch(init -> sight.observed()
                        .latest(init.name())
                        .map(c -> init.role() == Member.Role.SIDECAR || c.hasSucceeded())
                        .orElse(false));
        if (member.role() == Member.Role.APP) {
            return initialized;
        }
        return sight.observed().latest(member.name()).isPresent();
    }

    private static List<VolumeMountStatus> mounts(List<VolumeMount> mounts) {
        return mounts.stream()
                .map(mount -> {
                    boolean readOnly = Boolean.TRUE.equals(mount.getReadOnly());
                    return new VolumeMountStatusBuilder()
                            .withName(mount.getName())
                            .withMountPath(mount.getMountPath())
                            .withReadOnly(readOnly ? true : null)
                            .withRecursiveReadOnly(readOnly ? "Disabled" : null)
                            .build();
                })
                .toList();
    }

    /// The API's times are whole seconds.
    static String text(Instant instant) {
        return Timestamps.text(instant);
    }
}
