package dev.kapal.agent.pod;

import dev.kapal.agent.env.PodAddresses;
import dev.kapal.agent.probe.PodProbes;
import dev.kapal.agent.probe.Target;
import dev.kapal.agent.probe.Verdict;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// What is known of one pod: what the API wants, what the runtime shows, why containers wait, and what the API was
/// told.
///
/// The worker looks and reports; threads that stop containers for it may do so too, so both hold the view's lock.
final class PodView {
    private static final Duration FIRST_LOOK = Duration.ofMillis(4);
    private static final Duration LAST_LOOK = Duration.ofSeconds(1);

    private final PodTools tools;
    private final PodRuntime runtime;
    private final PodProbes probes;
    private final StatusChannel channel;
    private final Runnable onChange;
    private final Set<String> watched = new HashSet<>();
    private final Map<String, Waiting> waits = new HashMap<>();

    private volatile Pod pod;
    private volatile ObservedPod observed = ObservedPod.NOTHING;
    private volatile Optional<Sight.Ending> ending = Optional.empty();
    /// Guarded by this.
    private Sight.Stage stage = Sight.Stage.LIVING;

    private PodStatus status;
    private final long seenAt;

    /// `onChange` is called when a probe has found something new, and when a container has ended.
    PodView(Pod pod, PodTools tools, Runnable onChange) {
        var key = PodKey.of(pod);
        this.pod = pod;
        this.tools = tools;
        this.onChange = onChange;
        this.seenAt = tools.time().nanos();
        this.status = pod.getStatus() == null ? new PodStatus() : pod.getStatus();
        this.runtime = new PodRuntime(tools.runtime(), key.uid());
        this.channel = new StatusChannel(pod, tools.api(), tools.time(), tools.life());
        this.probes = new PodProbes(
                tools.checks(),
                tools.time(),
                tools.life(),
                (fieldPath, reason, message) -> tools.events().warning(this.pod, fieldPath, reason, message),
                onChange);
    }

    /// What the API wants.
    Pod pod() {
        return pod;
    }

    void want(Pod newer) {
        pod = newer;
        channel.observe(newer);
    }

    /// What the runtime has shown at the last look.
    ObservedPod observed() {
        return observed;
    }

    /// What the node has decided about the pod's end.
    Optional<Sight.Ending> ending() {
        return ending;
    }

    /// The node does not take the pod: nothing of it ever was here.
    synchronized void reject(Sight.Ending why) {
        ending = Optional.of(why);
        status = PodStatuses.rejected(pod, why, status, tools.time().instant());
        channel.put(status);
    }

    void end(String reason, String message) {
        ending = Optional.of(new Sight.Ending(reason, message));
    }

    synchronized PodStatus status() {
        return status;
    }

    synchronized Pod podWithStatus() {
        return pod.edit().withStatus(status).build();
    }

    synchronized void enter(Sight.Stage next) {
        stage = next;
        if (next == Sight.Stage.TERMINATING) {
            probes.endLiveness();
        }
        if (next == Sight.Stage.ENDED) {
            probes.close();
        }
    }

    synchronized void look() throws InterruptedException {
        observed = runtime.observe();
    }

    synchronized void report() {
        var hostIps = tools.hostIps().get();
        var sight = new Sight(
                pod,
                observed,
                waits,
                verdicts(),
                hostIps,
                stage,
                ending,
                tools.time().instant());
        var before = status.getPhase();
        status = PodStatuses.of(sight, status);
        if (Phases.RUNNING.equals(status.getPhase()) && !Phases.RUNNING.equals(before)) {
            tools.metrics().podRuns(Duration.ofNanos(tools.time().nanos() - seenAt));
        }
        channel.put(status);
    }

    void lookAndReport() throws InterruptedException {
        look();
        report();
    }

    /// Blocks until the API has the newest status.
    void flush() throws InterruptedException {
        channel.flush();
    }

    synchronized void close() {
        probes.close();
    }

    /// Why the container does not run; answers what was said before.
    synchronized Optional<Waiting> waits(Member member, Waiting why) {
        return Optional.ofNullable(waits.put(member.name(), why));
    }

    synchronized void waitsNoMore(Member member) {
        waits.remove(member.name());
    }

    /// Probes what runs and waits for its end, and for nothing else.
    synchronized void followRunning() {
        var targets = targets();
        probes.follow(targets);
        watched.retainAll(targets.stream().map(Target::containerId).toList());
        var group = Qos.of(pod).cgroupOf(pod.getMetadata().getUid());
        for (var target : targets) {
            var id = target.containerId();
            if (watched.add(id)) {
                tools.exits().watch(group, id, () -> noticeEnd(id));
            }
        }
    }

    /// The kernel knows of an end a moment before the runtime does: look until both say the same.
    private void noticeEnd(String id) {
        if (tools.life().isClosed()) {
            return;
        }
        tools.life().spawn("exit/" + id, () -> {
            var pause = FIRST_LOOK;
            while (pause.compareTo(LAST_LOOK) < 0 && isRunning(id)) {
                tools.time().sleep(pause);
                onChange.run();
                pause = pause.multipliedBy(2);
            }
        });
    }

    private boolean isRunning(String id) {
        return observed.containers().stream()
                .anyMatch(container -> container.id().equals(id) && container.isRunning());
    }

    /// What the probes say. A container that is not probed yet is as it was known before.
    synchronized Verdicts verdicts() {
        var verdicts = new HashMap<String, Verdict>();
        targets().forEach(target -> verdicts.put(target.containerId(), target.before()));
        verdicts.putAll(probes.verdicts());
        return new Verdicts(verdicts);
    }

    private List<Target> targets() {
        var targets = new ArrayList<Target>();
        for (var member : Member.of(pod)) {
            observed.latest(member.name())
                    .filter(ObservedContainer::isRunning)
                    .map(container -> new Target(
                            member.spec(),
                            container.id(),
                            podIp(),
                            container.startedAt(),
                            member.fieldPath(),
                            told(container)))
                    .ifPresent(targets::add);
        }
        return targets;
    }

    /// What the API was told of this container.
    private Verdict told(ObservedContainer container) {
        return containerStatuses().stream()
                .filter(told -> Objects.equals(told.getContainerID(), "containerd://" + container.id()))
                .findFirst()
                .map(told -> new Verdict(
                        Boolean.TRUE.equals(told.getStarted()), Boolean.TRUE.equals(told.getReady()), Optional.empty()))
                .orElse(new Verdict(false, false, Optional.empty()));
    }

    /// What the API remembers of a container that the runtime has forgotten.
    synchronized int restartsTold(Member member) {
        return containerStatuses().stream()
                .filter(told -> told.getName().equals(member.name()))
                .mapToInt(told -> told.getRestartCount() == null ? 0 : told.getRestartCount())
                .findFirst()
                .orElse(0);
    }

    private List<ContainerStatus> containerStatuses() {
        var statuses = new ArrayList<>(status.getContainerStatuses());
        statuses.addAll(status.getInitContainerStatuses());
        return statuses;
    }

    PodAddresses addresses() {
        var hostIps = tools.hostIps().get();
        if (Boolean.TRUE.equals(pod.getSpec().getHostNetwork())) {
            return new PodAddresses(hostIps, hostIps);
        }
        return new PodAddresses(
                hostIps,
                observed.usableSandbox().map(ObservedSandbox::addresses).orElse(List.of()));
    }

    String podIp() {
        return addresses().podIp();
    }
}
