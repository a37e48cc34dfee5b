package dev.kapal.agent.pod;

import dev.kapal.base.log.Log;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// One worker for each pod that the API has bound to this node. Told by the watch of those pods and by the watch of the
/// runtime; any thread.
final class PodWorkers {
    private static final Log log = Log.of(PodWorkers.class);

    private final PodTools tools;
    private final Orphans orphans;
    private final RuntimeWatch runtimeWatch;
    private final Map<String, PodWorker> workers = new ConcurrentHashMap<>();
    /// Set once all pods of the API are known: only then what is not among them is an orphan.
    private volatile boolean complete;
    /// The runtime watch's thread only.
    private Set<String> suspects = Set.of();

    PodWorkers(PodTools tools, Runnable onRuntimeHealth) {
        this.tools = tools;
        this.orphans = new Orphans(tools.runtime(), tools.volumes(), tools.cgroups(), tools.dirs(), tools.life());
        this.runtimeWatch = new RuntimeWatch(
                tools.runtime(), tools.time(), tools.metrics(), this::wake, this::reapOrphans, onRuntimeHealth);
        tools.metrics()
                .watch(() -> workers.values().stream().map(PodWorker::observed).toList());
    }

    /// The pods that the API has for this node; what was bound first goes first.
    void begin(List<Pod> pods) {
        pods.stream()
                .sorted(Comparator.comparing(
                        pod -> String.valueOf(pod.getMetadata().getCreationTimestamp())))
                .forEach(this::put);
        complete = true;
        tools.life().start("runtime-watch", runtimeWatch::run);
    }

    /// A pod was bound to this node, or has changed.
    void put(Pod pod) {
        var key = PodKey.of(pod);
        var fresh = new boolean[1];
        var worker = workers.computeIfAbsent(key.uid(), uid -> {
            fresh[0] = true;
            return new PodWorker(pod, tools);
        });
        if (!fresh[0]) {
            worker.update(pod);
            return;
        }
        log.info("pod taken", "pod", key);
        tools.life().spawn("pod/" + key.namespace() + "/" + key.name(), () -> {
            try {
                worker.run();
            } finally {
                workers.remove(key.uid(), worker);
            }
        });
    }

    /// The API has the pod no more.
    void remove(Pod pod) {
        var worker = workers.get(pod.getMetadata().getUid());
        if (worker != null) {
            worker.remove();
        }
    }

    /// The pods with the status they are in, which may be newer than the API's.
    List<Pod> pods() {
        return workers.values().stream().map(PodWorker::sight).toList();
    }

    /// Whether the runtime did not answer when it was last asked.
    boolean isRuntimeLost() {
        return runtimeWatch.isFailing();
    }

    /// Gives up pods that have written more than they may.
    void evictOverLimit() {
        for (var worker : workers.values()) {
            try {
                tools.volumes().overLimit(worker.sight()).ifPresent(why -> worker.evict("Evicted", why));
            } catch (RuntimeException unreadable) {
                log.warn("volume use not known", "cause", unreadable.toString());
            }
        }
    }

    void wakeAll() {
        workers.values().forEach(PodWorker::wake);
    }

    private void wake(String uid) {
        var worker = workers.get(uid);
        if (worker != null) {
            worker.wake();
        }
    }

    /// What nobody wants twice in a row is an orphan: once may be a pod that was just leaving.
    private void reapOrphans(Set<String> inRuntime) {
        if (!complete) {
            return;
        }
        var unwanted = new HashSet<>(inRuntime);
        unwanted.addAll(orphans.withFiles());
        unwanted.removeAll(workers.keySet());
        unwanted.stream().filter(suspects::contains).forEach(orphans::reap);
        suspects = unwanted;
    }
}
