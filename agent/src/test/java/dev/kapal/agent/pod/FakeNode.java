package dev.kapal.agent.pod;

import dev.kapal.agent.cri.FakeRuntime;
import dev.kapal.agent.env.Environment;
import dev.kapal.agent.env.PodAddresses;
import dev.kapal.agent.env.References;
import dev.kapal.base.life.Life;
import dev.kapal.testkit.FakeTime;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/// A node with real workers over a fake runtime, a fake API and a fake clock. [#restart] is a `kill -9` of the agent.
final class FakeNode implements AutoCloseable {
    final FakeTime time = new FakeTime();
    final FakeRuntime runtime = new FakeRuntime(time);
    final FakeApi api = new FakeApi();
    final FakeVolumes volumes = new FakeVolumes();
    private final Map<String, String> configMap = new ConcurrentHashMap<>();
    private final PodDirs dirs;
    private Life life;
    private PodWorkers workers;

    FakeNode(Path directory) {
        dirs = new PodDirs(directory.resolve("data"), directory.resolve("logs"));
        runtime.addImage("demo:1");
        api.onDelete(pod -> workers.remove(pod));
        boot(List.of());
    }

    private void boot(List<Pod> pods) {
        life = new Life("node");
        var tools = Workbench.tools(
                runtime,
                api,
                volumes,
                new NoCgroups(),
                (group, id, onExit) -> {},
                new Environment(references(), Map.of()),
                dirs,
                time,
                life);
        workers = new PodWorkers(tools, () -> {});
        workers.begin(pods);
    }

    /// Ends the agent at once and starts a new one that finds what the old one left.
    void restart(Pod... pods) {
        life.close();
        boot(List.of(pods));
    }

    void run(Pod pod) {
        workers.put(api.add(pod));
    }

    /// What an API server does with a DELETE.
    void delete(String uid, long graceSeconds) {
        var pod = api.get(uid);
        var deleted = pod.edit()
                .editMetadata()
                .withDeletionTimestamp(time.instant().plusSeconds(graceSeconds).toString())
                .withDeletionGracePeriodSeconds(graceSeconds)
                .endMetadata()
                .build();
        workers.put(api.add(deleted));
    }

    /// What somebody else writes.
    void overwrite(Pod pod) {
        workers.put(api.add(pod));
    }

    void checkLimits() {
        workers.evictOverLimit();
    }

    void setConfig(String key, String value) {
        configMap.put(key, value);
    }

    /// Blocks until the API shows the pod so; a second passes whenever nothing else happens.
    Pod await(String uid, Predicate<Pod> wanted) throws InterruptedException {
        return api.await(uid, wanted, () -> time.advance(Duration.ofSeconds(1)));
    }

    Pod awaitPhase(String uid, String phase) throws InterruptedException {
        return await(
                uid,
                pod -> pod != null
                        && pod.getStatus() != null
                        && phase.equals(pod.getStatus().getPhase()));
    }

    void awaitGone(String uid) throws InterruptedException {
        await(uid, pod -> pod == null);
    }

    @Override
    public void close() {
        life.close();
    }

    private References references() {
        return new References() {
            @Override
            public Optional<ConfigMap> configMap(String namespace, String name) {
                if (configMap.isEmpty()) {
                    return Optional.empty();
                }
                var map = new ConfigMap();
                map.setData(Map.copyOf(configMap));
                return Optional.of(map);
            }

            @Override
            public Optional<Secret> secret(String namespace, String name) {
                return Optional.empty();
            }
        };
    }

    static final class FakeVolumes implements PodVolumes {
        final Set<String> mounted = new HashSet<>();
        volatile Optional<String> overLimit = Optional.empty();
        private String broken = "";

        synchronized void fail(String cause) {
            broken = cause;
        }

        @Override
        public synchronized PodMounts mount(Pod pod, PodAddresses addresses) throws VolumeException {
            if (!broken.isEmpty()) {
                throw new VolumeException("data", broken);
            }
            mounted.add(pod.getMetadata().getUid());
            return (who, container, variables) -> List.of();
        }

        @Override
        public synchronized void unmount(PodKey pod) {
            mounted.remove(pod.uid());
        }

        @Override
        public Optional<String> overLimit(Pod pod) {
            return overLimit;
        }

        @Override
        public void follow(Pod pod, Runnable onChange) {
            // contents never change here
        }
    }

    private static final class NoCgroups implements PodCgroups {
        @Override
        public void ensure(Pod pod, String group) {
            // nothing to limit
        }

        @Override
        public void remove(String group) {
            // nothing to remove
        }
    }
}
