package dev.kapal.agent.pod;

import dev.kapal.agent.cri.ContainerRuntime;
import dev.kapal.base.life.Life;
import dev.kapal.base.time.Time;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// Stops containers: preStop, the stop signal, what is left of the grace period, then the kill. Any thread; blocks.
///
/// Source: Kubernetes documentation, "Termination of Pods" and "Sidecar containers".
final class ContainerKiller {
    /// Enough to end in an orderly way, even when preStop has used the grace period up.
    private static final Duration LEAST = Duration.ofSeconds(2);

    private final ContainerRuntime runtime;
    private final Hooks hooks;
    private final PodEvents events;
    private final Time time;
    private final Life life;

    ContainerKiller(ContainerRuntime runtime, Hooks hooks, PodEvents events, Time time, Life life) {
        this.runtime = runtime;
        this.hooks = hooks;
        this.events = events;
        this.time = time;
        this.life = life;
    }

    /// Stops one container, saying `why`; a grace period of zero kills at once.
    void kill(Pod pod, Member member, ObservedContainer container, String podIp, String why, Duration grace)
            throws InterruptedException {
        events.normal(pod, member.fieldPath(), "Killing", why);
        runtime.stopContainer(container.id(), afterPreStop(pod, member, container, podIp, grace));
    }

    /// Stops all of them at the same time, sidecars after the others and in reverse order. Calls `onStop` after each.
    void killAll(Pod pod, List<ObservedContainer> running, String podIp, Duration grace, Task onStop)
            throws InterruptedException {
        var sidecars = new ArrayList<Member>();
        var others = new ArrayList<Task>();
        long deadline = time.nanos() + grace.toNanos();
        for (var container : running) {
            var member = Member.of(pod).stream()
                    .filter(candidate -> candidate.name().equals(container.name()))
                    .findFirst();
            if (member.isPresent() && member.get().role() == Member.Role.SIDECAR) {
                sidecars.add(member.get());
            } else {
                others.add(() -> stop(pod, member, container, podIp, grace, onStop));
            }
        }
        allAtOnce(others);
        for (var sidecar : sidecars.reversed()) {
            for (var container : running) {
                if (container.name().equals(sidecar.name())) {
                    var left = grace.isZero() ? grace : Duration.ofNanos(Math.max(0, deadline - time.nanos()));
                    stop(pod, Optional.of(sidecar), container, podIp, left, onStop);
                }
            }
        }
    }

    interface Task {
        void run() throws InterruptedException;
    }

    private void stop(
            Pod pod, Optional<Member> member, ObservedContainer container, String podIp, Duration grace, Task onStop)
            throws InterruptedException {
        if (member.isEmpty()) {
            runtime.stopContainer(container.id(), grace);
        } else {
            events.normal(pod, member.get().fieldPath(), "Killing", "Stopping container " + container.name());
            runtime.stopContainer(container.id(), afterPreStop(pod, member.get(), container, podIp, grace));
        }
        onStop.run();
    }

    /// Runs preStop within the grace period and returns what is left of that.
    private Duration afterPreStop(Pod pod, Member member, ObservedContainer container, String podIp, Duration grace)
            throws InterruptedException {
        var lifecycle = member.spec().getLifecycle();
        boolean hasHook = lifecycle != null && lifecycle.getPreStop() != null;
        if (grace.isZero()) {
            return grace;
        }
        var left = grace;
        if (hasHook && container.isRunning()) {
            long began = time.nanos();
            var failure = hooks.run(lifecycle.getPreStop(), member.spec(), container.id(), podIp, grace);
            failure.ifPresent(
                    words -> events.warning(pod, member.fieldPath(), "FailedPreStopHook", "PreStopHook failed"));
            left = grace.minusNanos(time.nanos() - began);
        }
        return left.compareTo(LEAST) < 0 ? LEAST : left;
    }

    private void allAtOnce(List<Task> tasks) throws InterruptedException {
        if (tasks.size() == 1) {
            tasks.getFirst().run();
            return;
        }
        var done = new CountDownLatch(tasks.size());
        var threads = new ArrayList<Thread>();
        var failures = new ArrayList<RuntimeException>();
        for (var task : tasks) {
            threads.add(life.spawn("kill", () -> {
                try {
                    task.run();
                } catch (RuntimeException failure) {
                    synchronized (failures) {
                        failures.add(failure);
                    }
                } finally {
                    done.countDown();
                }
            }));
        }
        try {
            done.await();
        } catch (InterruptedException stop) {
            threads.forEach(Thread::interrupt);
            throw stop;
        }
        synchronized (failures) {
            if (!failures.isEmpty()) {
                throw failures.getFirst();
            }
        }
    }
}
