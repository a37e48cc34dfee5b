package dev.kapal.agent.pod;

import dev.kapal.agent.cri.ContainerRuntime;
import dev.kapal.agent.cri.CriException;
import dev.kapal.agent.cri.v1.Container;
import dev.kapal.agent.cri.v1.ContainerFilter;
import dev.kapal.agent.cri.v1.ContainerState;
import dev.kapal.agent.cri.v1.PodSandbox;
import dev.kapal.agent.cri.v1.PodSandboxFilter;
import dev.kapal.agent.cri.v1.PodSandboxState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Looks at one pod in the runtime: two lists, and the details only of what changed since the last look. One pod's
/// worker
/// only; blocks.
final class PodRuntime {
    private static final String FALL_BACK_TO_LOG = "FallbackToLogsOnError";

    private final ContainerRuntime runtime;
    private final String uid;
    private final Map<String, ObservedSandbox> sandboxes = new HashMap<>();
    private final Map<String, ObservedContainer> containers = new HashMap<>();

    PodRuntime(ContainerRuntime runtime, String uid) {
        this.runtime = runtime;
        this.uid = uid;
    }

    ObservedPod observe() throws InterruptedException {
        var listedSandboxes = runtime.listPodSandboxes(PodSandboxFilter.newBuilder()
                .putLabelSelector(Labels.POD_UID, uid)
                .build());
        var listedContainers = runtime.listContainers(ContainerFilter.newBuilder()
                .putLabelSelector(Labels.POD_UID, uid)
                .build());
        sandboxes
                .keySet()
                .retainAll(listedSandboxes.stream().map(PodSandbox::getId).toList());
        containers
                .keySet()
                .retainAll(listedContainers.stream().map(Container::getId).toList());
        for (var sandbox : listedSandboxes) {
            look(sandbox);
        }
        for (var container : listedContainers) {
            look(container);
        }
        return new ObservedPod(List.copyOf(sandboxes.values()), new ArrayList<>(containers.values()));
    }

    private void look(PodSandbox listed) throws InterruptedException {
        boolean ready = listed.getState() == PodSandboxState.SANDBOX_READY;
        var known = sandboxes.get(listed.getId());
        if (known != null && known.ready() == ready && (known.isUsable() || !ready)) {
            return;
        }
        try {
            sandboxes.put(listed.getId(), ObservedSandbox.of(runtime.podSandboxStatus(listed.getId())));
        } catch (CriException failure) {
            forget(sandboxes, listed.getId(), failure);
        }
    }

    private void look(Container listed) throws InterruptedException {
        var known = containers.get(listed.getId());
        if (known != null && isSame(known.state(), listed.getState())) {
            return;
        }
        try {
            var status = runtime.containerStatus(listed.getId());
            var seen = ObservedContainer.of(status, listed.getPodSandboxId());
            boolean fallBack =
                    FALL_BACK_TO_LOG.equals(status.getAnnotationsMap().get(Labels.TERMINATION_MESSAGE_POLICY));
            containers.put(listed.getId(), seen.hasExited() ? withLastWords(seen, fallBack) : seen);
        } catch (CriException failure) {
            forget(containers, listed.getId(), failure);
        }
    }

    private static boolean isSame(ObservedContainer.State known, ContainerState listed) {
        return switch (known) {
            case CREATED -> listed == ContainerState.CONTAINER_CREATED;
            case RUNNING -> listed == ContainerState.CONTAINER_RUNNING;
            case EXITED -> listed == ContainerState.CONTAINER_EXITED;
            case UNKNOWN -> false;
        };
    }

    private static ObservedContainer withLastWords(ObservedContainer ended, boolean fallBack) {
        var message = TerminationMessages.of(
                ended.terminationMessageFile().map(Path::of), fallBack, Path.of(ended.logPath()), ended.exitCode());
        if (ended.message().isEmpty()) {
            return ended.withMessage(message);
        }
        return message.isEmpty() ? ended : ended.withMessage(ended.message() + ": " + message);
    }

    /// What went away between the list and the question is not there.
    private static void forget(Map<String, ?> known, String id, CriException failure) {
        if (!failure.isNotFound()) {
            throw failure;
        }
        known.remove(id);
    }
}
