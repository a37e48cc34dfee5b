package dev.kapal.agent.pod;

import dev.kapal.agent.cri.ContainerRuntime;
import dev.kapal.agent.cri.CriException;
import dev.kapal.agent.cri.v1.Container;
import dev.kapal.agent.cri.v1.ContainerFilter;
import dev.kapal.agent.cri.v1.ContainerState;
import dev.kapal.agent.cri.v1.PodSandboxFilter;
import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/// Ends what is left on the node of pods that the API has no more: deleted while the agent was not there. Any thread;
/// each
/// pod's leftovers go on a thread of their own.
final class Orphans {
    private static final Log log = Log.of(Orphans.class);
    private static final Duration DEFAULT_GRACE = Duration.ofSeconds(30);

    private final ContainerRuntime runtime;
    private final PodVolumes volumes;
    private final PodCgroups cgroups;
    private final PodDirs dirs;
    private final Life life;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    Orphans(ContainerRuntime runtime, PodVolumes volumes, PodCgroups cgroups, PodDirs dirs, Life life) {
        this.runtime = runtime;
        this.volumes = volumes;
        this.cgroups = cgroups;
        this.dirs = dirs;
        this.life = life;
    }

    /// The uids of pods that have files on this node.
    Set<String> withFiles() {
        var uids = new TreeSet<String>();
        if (!Files.isDirectory(dirs.pods())) {
            return uids;
        }
        try (var files = Files.list(dirs.pods())) {
            files.forEach(file -> uids.add(file.getFileName().toString()));
        } catch (IOException unreadable) {
            log.warn("pod directories not listed", "cause", unreadable.toString());
        }
        return uids;
    }

    /// Starts to take the pod's leftovers away, unless that is under way.
    void reap(String uid) {
        if (underWay.add(uid)) {
            life.spawn("orphan/" + uid, () -> {
                try {
                    take(uid);
                } catch (CriException | IOException failure) {
                    log.warn("orphan not removed", "pod_uid", uid, "cause", failure.getMessage());
                } finally {
                    underWay.remove(uid);
                }
            });
        }
    }

    private void take(String uid) throws IOException, InterruptedException {
        log.info("removing a pod that is gone from the API", "pod_uid", uid);
        var containers = runtime.listContainers(ContainerFilter.newBuilder()
                .putLabelSelector(Labels.POD_UID, uid)
                .build());
        for (var container : containers) {
            if (container.getState() == ContainerState.CONTAINER_RUNNING) {
                runtime.stopContainer(container.getId(), grace(container));
            }
        }
        var sandboxes = runtime.listPodSandboxes(PodSandboxFilter.newBuilder()
                .putLabelSelector(Labels.POD_UID, uid)
                .build());
        for (var sandbox : sandboxes) {
            runtime.stopPodSandbox(sandbox.getId());
            runtime.removePodSandbox(sandbox.getId());
        }
        for (var container : containers) {
            runtime.removeContainer(container.getId());
        }
        volumes.unmount(new PodKey("", "", uid));
        for (var qos : Qos.values()) {
            cgroups.remove(qos.cgroupOf(uid));
        }
        PodFiles.deleteTree(dirs.pods().resolve(uid));
        deleteLogs(uid);
    }

    private void deleteLogs(String uid) throws IOException {
        if (!Files.isDirectory(dirs.logs())) {
            return;
        }
        try (var directories = Files.newDirectoryStream(dirs.logs(), "*_" + uid)) {
            for (Path directory : directories) {
                PodFiles.deleteTree(directory);
            }
        }
    }

    private static Duration grace(Container container) {
        var noted = container.getAnnotationsMap().get(Labels.POD_GRACE);
        return noted == null ? DEFAULT_GRACE : Duration.ofSeconds(Long.parseLong(noted));
    }
}
