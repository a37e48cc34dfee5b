package dev.kapal.agent.pod;

import dev.kapal.agent.cri.ContainerRuntime;
import dev.kapal.agent.cri.CriException;
import dev.kapal.agent.cri.v1.ContainerFilter;
import dev.kapal.agent.cri.v1.PodSandboxFilter;
import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Notices what changes in the runtime by itself: lists everything once a second and names the pods whose sandboxes or
/// containers are not what they were. Runs on one thread of its own.
final class RuntimeWatch {
    private static final Log log = Log.of(RuntimeWatch.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final ContainerRuntime runtime;
    private final Time time;
    private final PodMetrics metrics;
    private final Consumer<String> onChange;
    private final Consumer<Set<String>> onList;
    private final Runnable onHealth;
    private Map<String, Set<String>> last = Map.of();
    private volatile boolean failing;

    /// `onChange` hears of each changed pod by its uid, `onList` of all that have anything in the runtime, `onHealth`
    /// when
    /// the runtime is lost or back.
    RuntimeWatch(
            ContainerRuntime runtime,
            Time time,
            PodMetrics metrics,
            Consumer<String> onChange,
            Consumer<Set<String>> onList,
            Runnable onHealth) {
        this.runtime = runtime;
        this.time = time;
        this.metrics = metrics;
        this.onChange = onChange;
        this.onList = onList;
        this.onHealth = onHealth;
    }

    void run() throws InterruptedException {
        while (true) {
            relist();
            time.sleep(PERIOD);
        }
    }

    /// Whether the last look failed.
    boolean isFailing() {
        return failing;
    }

    private void relist() throws InterruptedException {
        try {
            long began = time.nanos();
            var now = list();
            metrics.relisted(Duration.ofNanos(time.nanos() - began));
            var changed = new HashSet<>(now.keySet());
            changed.addAll(last.keySet());
            changed.removeIf(uid -> now.getOrDefault(uid, Set.of()).equals(last.getOrDefault(uid, Set.of())));
            last = now;
            setFailing(false);
            changed.forEach(onChange);
            onList.accept(now.keySet());
        } catch (CriException failure) {
            if (!failing) {
                log.warn("containers not listed", "cause", failure.getMessage());
            }
            setFailing(true);
        }
    }

    private void setFailing(boolean fails) {
        boolean changed = failing != fails;
        failing = fails;
        if (changed) {
            onHealth.run();
        }
    }

    /// By pod uid: the id and state of each sandbox and container.
    private Map<String, Set<String>> list() throws InterruptedException {
        var byPod = new HashMap<String, Set<String>>();
        for (var sandbox : runtime.listPodSandboxes(PodSandboxFilter.getDefaultInstance())) {
            add(byPod, sandbox.getLabelsMap(), sandbox.getId() + sandbox.getState());
        }
        for (var container : runtime.listContainers(ContainerFilter.getDefaultInstance())) {
            add(byPod, container.getLabelsMap(), container.getId() + container.getState());
        }
        return byPod;
    }

    /// What carries no pod's uid is not ours.
    private static void add(Map<String, Set<String>> byPod, Map<String, String> labels, String fact) {
        var uid = labels.get(Labels.POD_UID);
        if (uid != null && !uid.isEmpty()) {
            byPod.computeIfAbsent(uid, key -> new TreeSet<>()).add(fact);
        }
    }
}
