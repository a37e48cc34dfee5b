package dev.kapal.agent.log;

import dev.kapal.agent.cri.ContainerRuntime;
import dev.kapal.agent.cri.CriException;
import dev.kapal.agent.cri.v1.Container;
import dev.kapal.agent.cri.v1.ContainerFilter;
import dev.kapal.agent.cri.v1.ContainerState;
import dev.kapal.agent.pod.Labels;
import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Every ten seconds: a link for each container's log, none for those that are gone, and large logs rotated. Runs on a
/// thread of the given life.
public final class LogKeeper {
    private static final Log log = Log.of(LogKeeper.class);
    private static final Duration PERIOD = Duration.ofSeconds(10);
    /// Upstream's defaults.
    private static final long LARGEST = 10L << 20;

    private static final int FILES = 5;

    private final ContainerRuntime runtime;
    private final Time time;
    private final Path logs;
    private final LogLinks links;
    private final LogRotation rotation;
    /// Container to its log; what the runtime has told once does not change.
    private final Map<String, Path> known = new HashMap<>();

    LogKeeper(ContainerRuntime runtime, Time time, Path logs, Path linkDirectory) {
        this.runtime = runtime;
        this.time = time;
        this.logs = logs;
        this.links = new LogLinks(linkDirectory);
        this.rotation = new LogRotation(runtime, time, LARGEST, FILES);
    }

    /// @param logs the directory of all pods' logs, `/var/log/pods`
    /// @param linkDirectory `/var/log/containers`
    public static void start(ContainerRuntime runtime, Time time, Path logs, Path linkDirectory, Life life) {
        var keeper = new LogKeeper(runtime, time, logs, linkDirectory);
        life.start("log keeper", () -> {
            while (true) {
                keeper.tidy();
                time.sleep(PERIOD);
            }
        });
    }

    void tidy() throws InterruptedException {
        try {
            var containers = runtime.listContainers(ContainerFilter.getDefaultInstance());
            known.keySet().retainAll(containers.stream().map(Container::getId).toList());
            links.reconcile(linked(containers), logs);
            for (var container : containers) {
                var file = logOf(container.getId());
                if (file.isPresent() && container.getState() == ContainerState.CONTAINER_RUNNING) {
                    rotation.check(container.getId(), file.get());
                }
            }
        } catch (IOException | CriException failure) {
            log.warn("container logs not tidied", "reason", failure.getMessage());
        }
    }

    private List<LogLinks.Linked> linked(List<Container> containers) throws InterruptedException {
        var linked = new ArrayList<LogLinks.Linked>();
        for (var container : containers) {
            var labels = container.getLabelsMap();
            var file = logOf(container.getId());
            if (file.isPresent() && labels.containsKey(Labels.POD_NAME) && labels.containsKey(Labels.POD_NAMESPACE)) {
                linked.add(new LogLinks.Linked(
                        labels.get(Labels.POD_NAME),
                        labels.get(Labels.POD_NAMESPACE),
                        container.getMetadata().getName(),
                        container.getId(),
                        file.get()));
            }
        }
        return linked;
    }

    /// Empty when the container was removed since it was listed.
    private Optional<Path> logOf(String containerId) throws InterruptedException {
        if (!known.containsKey(containerId)) {
            try {
                known.put(
                        containerId,
                        Path.of(runtime.containerStatus(containerId).getLogPath()));
            } catch (CriException failure) {
                if (!failure.isNotFound()) {
                    throw failure;
                }
            }
        }
        return Optional.ofNullable(known.get(containerId));
    }
}
