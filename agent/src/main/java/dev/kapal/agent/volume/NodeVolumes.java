package dev.kapal.agent.volume;

import dev.kapal.agent.env.MissingConfigException;
import dev.kapal.agent.env.PodAddresses;
import dev.kapal.agent.pod.PodDirs;
import dev.kapal.agent.pod.PodKey;
import dev.kapal.agent.pod.PodMounts;
import dev.kapal.agent.pod.PodVolumes;
import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import dev.kapal.linux.Mounts;
import io.fabric8.kubernetes.api.model.EmptyDirVolumeSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The volumes of pods on this node, under `D/pods/<uid>/volumes`. Secrets never touch the disk: they are on tmpfs.
///
/// Source: Kubernetes documentation, "Volumes".
public final class NodeVolumes implements PodVolumes {
    private static final Log log = Log.of(NodeVolumes.class);
    private static final int ANYBODY = 0777;

    private final PodDirs dirs;
    private final Mounts mounts;
    private final WatchedReferences references;
    private final Tokens tokens;
    private final Payloads payloads;
    private final Time time;
    private final Map<String, Quantity> allocatable;
    /// By pod uid, the volumes that were set up by this process.
    private final Map<String, Set<String>> ready = new ConcurrentHashMap<>();

    public NodeVolumes(
            PodDirs dirs,
            Mounts mounts,
            WatchedReferences references,
            TokenRequests tokenRequests,
            Map<String, Quantity> allocatable,
            Time time) {
        this.dirs = dirs;
        this.mounts = mounts;
        this.references = references;
        this.tokens = new Tokens(tokenRequests, time);
        this.payloads = new Payloads(references, tokens, allocatable);
        this.allocatable = Map.copyOf(allocatable);
        this.time = time;
    }

    @Override
    public PodMounts mount(Pod pod, PodAddresses addresses) throws VolumeException, InterruptedException {
        var sites = new HashMap<String, ContainerMounts.Site>();
        for (var volume : pod.getSpec().getVolumes()) {
            try {
                sites.put(volume.getName(), setUp(pod, volume, addresses));
            } catch (MissingConfigException | IOException | IllegalArgumentException failure) {
                throw new VolumeException(volume.getName(), failure.getMessage());
            }
        }
        return new ContainerMounts(sites);
    }

    @Override
    public void unmount(PodKey pod) throws IOException {
        references.forget(pod.uid());
        tokens.forget(pod.uid());
        ready.remove(pod.uid());
        var directory = dirs.volumes(pod);
        if (!Files.isDirectory(directory)) {
            return;
        }
        mounts.unmountUnder(directory);
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    @Override
    public void follow(Pod pod, Runnable onChange) {
        references.follow(pod, onChange);
    }

    @Override
    public Optional<String> overLimit(Pod pod) {
        return EmptyDirUse.overLimit(pod, volume -> path(pod, volume));
    }

    private Path path(Pod pod, Volume volume) {
        return dirs.volumes(PodKey.of(pod))
                .resolve("kubernetes.io~" + kind(volume))
                .resolve(volume.getName());
    }

    private ContainerMounts.Site setUp(Pod pod, Volume volume, PodAddresses addresses)
            throws IOException, InterruptedException {
        if (volume.getHostPath() != null) {
            return new ContainerMounts.Site(HostPaths.check(volume.getHostPath()), false);
        }
        var path = path(pod, volume);
        if (volume.getEmptyDir() != null) {
            emptyDir(pod, volume, path);
            return new ContainerMounts.Site(path, false);
        }
        render(pod, volume, path, addresses);
        return new ContainerMounts.Site(path, true);
    }

    private static String kind(Volume volume) {
        if (volume.getEmptyDir() != null) {
            return "empty-dir";
        }
        if (volume.getConfigMap() != null) {
            return "configmap";
        }
        if (volume.getSecret() != null) {
            return "secret";
        }
        if (volume.getDownwardAPI() != null) {
            return "downward-api";
        }
        if (volume.getProjected() != null) {
            return "projected";
        }
        throw new IllegalArgumentException("no volume plugin matched");
    }

    private void emptyDir(Pod pod, Volume volume, Path path) throws IOException {
        if (isReady(pod, volume)) {
            return;
        }
        boolean isNew = !Files.isDirectory(path);
        Files.createDirectories(path);
        if ("Memory".equals(volume.getEmptyDir().getMedium()) && !mounts.isMountPoint(path)) {
            mounts.tmpfs(path, tmpfsSize(pod, volume.getEmptyDir()), ANYBODY);
            isNew = true;
        }
        if (isNew) {
            Ownership.openDirectory(path, ANYBODY, group(pod));
        }
        markReady(pod, volume);
    }

    /// No more than the volume's own limit, the pod's memory limit or the node's memory.
    private long tmpfsSize(Pod pod, EmptyDirVolumeSource source) {
        long size = allocatable.containsKey("memory")
                ? allocatable.get("memory").getNumericalAmount().longValue()
                : 0;
        long podLimit = 0;
        for (var container : pod.getSpec().getContainers()) {
            var limits = container.getResources() == null
                    ? null
                    : container.getResources().getLimits();
            if (limits == null || !limits.containsKey("memory")) {
                podLimit = 0;
                break;
            }
            podLimit += limits.get("memory").getNumericalAmount().longValue();
        }
        size = podLimit > 0 ? Math.min(size == 0 ? podLimit : size, podLimit) : size;
        if (source.getSizeLimit() != null) {
            long own = source.getSizeLimit().getNumericalAmount().longValue();
            size = own > 0 ? Math.min(size == 0 ? own : size, own) : size;
        }
        return size;
    }

    private void render(Pod pod, Volume volume, Path path, PodAddresses addresses)
            throws IOException, InterruptedException {
        if (!isReady(pod, volume)) {
            Files.createDirectories(path);
            if (volume.getConfigMap() == null && !mounts.isMountPoint(path)) {
                mounts.tmpfs(path, 0, ANYBODY);
            }
            Ownership.openDirectory(path, ANYBODY, group(pod));
            markReady(pod, volume);
        }
        try {
            var payload = payloads.of(pod, volume, addresses).orElseThrow();
            if (new AtomicWriter(path, time, group(pod)).write(payload)) {
                log.debug("volume written", "pod", PodKey.of(pod), "volume", volume.getName());
            }
        } catch (MissingConfigException missing) {
            // what was mounted once stays as it is when its source goes away
            if (!AtomicWriter.wasWritten(path)) {
                throw missing;
            }
        }
    }

    private boolean isReady(Pod pod, Volume volume) {
        return ready.getOrDefault(pod.getMetadata().getUid(), Set.of()).contains(volume.getName());
    }

    private void markReady(Pod pod, Volume volume) {
        ready.computeIfAbsent(pod.getMetadata().getUid(), uid -> ConcurrentHashMap.newKeySet())
                .add(volume.getName());
    }

    private static Optional<Integer> group(Pod pod) {
        var context = pod.getSpec().getSecurityContext();
        return context == null
                ? Optional.empty()
                : Optional.ofNullable(context.getFsGroup()).map(Long::intValue);
    }
}
