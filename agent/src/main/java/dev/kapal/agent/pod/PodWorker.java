package dev.kapal.agent.pod;

import dev.kapal.agent.cri.CriException;
import dev.kapal.agent.env.PodAddresses;
import dev.kapal.agent.probe.PodProbes;
import dev.kapal.agent.probe.Target;
import dev.kapal.agent.probe.Verdict;
import dev.kapal.base.log.Log;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The life of one pod on this node, on one thread: admit it, keep it as its spec asks, end it, wait until it is
/// deleted,
/// clean up. Everything it needs to know is in the API and in the runtime, so a worker that starts anew (the agent was
/// killed) goes on where the last one was.
///
/// The agent's own end interrupts the thread; the containers run on.
final class PodWorker {
    private static final Log log = Log.of(PodWorker.class);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(10);
    private static final Duration CONFIG_RETRY = Duration.ofSeconds(10);
    private static final long DEFAULT_GRACE_SECONDS = 30;

    private final PodKey key;
    private final PodTools tools;
    private final Inbox inbox;
    private final PodRuntime runtime;
    private final PodProbes probes;
    private final StatusChannel channel;
    private final Backoff backoff = new Backoff();
    private final Map<String, Waiting> waits = new HashMap<>();
    private Duration retry = RETRY;

    /// What the API wants; written by others.
    private volatile Pod pod;
    private volatile boolean removed;
    private volatile Optional<Sight.Ending> ending = Optional.empty();

    private volatile ObservedPod observed = ObservedPod.NOTHING;
    private Sight.Stage stage = Sight.Stage.LIVING;
    private boolean over;
    /// Nothing has happened since the last look but what this worker did before it.
    private boolean seenAll;
    private PodStatus status;

    PodWorker(Pod pod, PodTools tools) {
        this.key = PodKey.of(pod);
        this.pod = pod;
        this.tools = tools;
        this.status = pod.getStatus() == null ? new PodStatus() : pod.getStatus();
        this.inbox = new Inbox(tools.time(), tools.life(), key.namespace() + "/" + key.name());
        this.runtime = new PodRuntime(tools.runtime(), key.uid());
        this.channel = new StatusChannel(key, status, tools.api(), tools.time(), tools.life());
        this.probes = new PodProbes(
                tools.checks(),
                tools.time(),
                tools.life(),
                (fieldPath, reason, message) -> tools.events().warning(this.pod, fieldPath, reason, message),
                inbox::wake);
    }

    // ---- what others tell the worker; any thread

    /// The API's newest version of the pod.
    void update(Pod newer) {
        var older = pod;
        pod = newer;
        boolean endsNow = isDeleted(newer) && !isDeleted(older);
        boolean endsSooner = isDeleted(newer) && grace(newer).compareTo(grace(older)) < 0;
        if (endsNow || endsSooner) {
            inbox.interrupt();
        } else {
            inbox.wake();
        }
    }

    /// The API has the pod no more.
    void remove() {
        removed = true;
        inbox.interrupt();
    }

    /// The node gives the pod up.
    void evict(String reason, String message) {
        ending = Optional.of(new Sight.Ending(reason, message));
        inbox.interrupt();
    }

    /// Something in the runtime has changed.
    void wake() {
        inbox.wake();
    }

    /// The pod with the status that the API is being told.
    synchronized Pod sight() {
        return pod.edit().withStatus(status).build();
    }

    ObservedPod observed() {
        return observed;
    }

    // ---- the pod's life; the worker's thread

    void run() throws InterruptedException {
        try {
            live();
            end();
            awaitDeletion();
            cleanUp();
        } finally {
            probes.close();
            inbox.close();
            tools.admission().release(key);
        }
    }

    private void live() throws InterruptedException {
        lookUntilAnswered();
        boolean runsAlready = !observed.sandboxes().isEmpty();
        if (mustEnd()) {
            return;
        }
        if (runsAlready) {
            tools.admission().adopt(pod);
            observed.containers().forEach(backoff::adopt);
        } else if (!isAdmitted()) {
            return;
        }
        tools.volumes().follow(pod, inbox::wake);
        report();
        seenAll = true;
        while (!mustEnd()) {
            var done = new boolean[1];
            boolean whole = inbox.runInterruptibly(() -> done[0] = syncOrRetry());
            seenAll = whole && !done[0];
            if (whole && done[0] && !mustEnd()) {
                inbox.await();
            }
        }
    }

    private void lookUntilAnswered() throws InterruptedException {
        while (true) {
            try {
                look();
                return;
            } catch (CriException failure) {
                retryLater(failure);
                inbox.await();
            }
        }
    }

    private boolean isAdmitted() {
        var refusal = tools.admission().admit(pod);
        refusal.ifPresent(why -> {
            tools.events().warning(pod, "", why.reason(), why.message());
            log.info("pod rejected", "pod", key, "reason", why.reason());
            ending = Optional.of(new Sight.Ending(why.reason(), "Pod was rejected: " + why.message()));
        });
        return refusal.isEmpty();
    }

    private boolean mustEnd() {
        return removed || over || isDeleted(pod) || ending.isPresent() || Phases.isTerminal(status.getPhase());
    }

    /// One step towards what the spec asks; true when there is nothing more to do until something changes.
    private boolean syncOrRetry() throws InterruptedException {
        try {
            boolean done = sync();
            retry = RETRY;
            return done;
        } catch (CriException failure) {
            retryLater(failure);
            return true;
        } catch (RuntimeException failure) {
            if (tools.life().isClosed()) {
                throw new InterruptedException();
            }
            log.error("pod not synced", failure, "pod", key);
            inbox.wakeIn(nextRetry());
            return true;
        }
    }

    private boolean sync() throws InterruptedException {
        var now = pod;
        if (isPastDeadline(now)) {
            return true;
        }
        if (!seenAll) {
            look();
            report();
        }
        PodMounts mounts;
        try {
            mounts = tools.volumes().mount(now, addresses());
        } catch (PodVolumes.VolumeException failure) {
            tools.events().warning(now, "", "FailedMount", failure.getMessage());
            inbox.wakeIn(nextRetry());
            return true;
        }
        var plan = PodPlan.of(now, observed, verdicts());
        if (plan.over()) {
            over = true;
            return true;
        }
        boolean acted = carryOut(plan, now, mounts);
        if (acted) {
            look();
        }
        probes.follow(targets(now));
        report();
        if (!acted) {
            removeOldContainers();
        }
        return !acted;
    }

    private boolean isPastDeadline(Pod now) {
        var limit = now.getSpec().getActiveDeadlineSeconds();
        if (limit == null || status.getStartTime() == null) {
            return false;
        }
        var left = Duration.between(
                tools.time().instant(), Timestamps.parse(status.getStartTime()).plusSeconds(limit));
        if (left.isPositive()) {
            inbox.wakeIn(left);
            return false;
        }
        var message = "Pod was active on the node longer than the specified deadline";
        tools.events().normal(now, "", "DeadlineExceeded", message);
        ending = Optional.of(new Sight.Ending("DeadlineExceeded", message));
        return true;
    }

    /// Whether anything was changed, so that it is worth to look again at once.
    private boolean carryOut(PodPlan plan, Pod now, PodMounts mounts) throws InterruptedException {
        if (plan.createSandbox()) {
            return createSandbox(now);
        }
        boolean acted = false;
        for (var kill : plan.kills()) {
            tools.killer().kill(now, kill.member(), kill.container(), podIp(), kill.message(), graceOf(now, kill));
            acted = true;
        }
        for (var member : plan.starts()) {
            if (start(now, member, mounts)) {
                acted = true;
                if (plan.starts().size() > 1) {
                    look();
                    report();
                }
            }
        }
        return acted;
    }

    private boolean createSandbox(Pod now) throws InterruptedException {
        int attempt = observed.sandbox().map(last -> last.attempt() + 1).orElse(0);
        if (attempt > 0) {
            tools.events().normal(now, "", "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.");
            stopSandboxes();
        }
        tools.cgroups().ensure(now, cgroup());
        try {
            tools.runtime().runPodSandbox(tools.sandboxes().of(now, attempt), "");
            retry = RETRY;
            return true;
        } catch (CriException failure) {
            tools.events()
                    .warning(
                            now, "", "FailedCreatePodSandBox", "Failed to create pod sandbox: " + failure.getMessage());
            inbox.wakeIn(nextRetry());
            return false;
        }
    }

    private boolean start(Pod now, Member member, PodMounts mounts) throws InterruptedException {
        var lastEnd = observed.latestExited(member.name()).map(ObservedContainer::finishedAt);
        if (lastEnd.isPresent() && isBackingOff(now, member, lastEnd.get())) {
            return false;
        }
        var sandbox = observed.usableSandbox();
        if (sandbox.isEmpty()) {
            return true;
        }
        var place = new ContainerStarter.Place(
                sandbox.get().id(),
                tools.sandboxes().of(now, sandbox.get().attempt()),
                tools.sandboxes().hostname(now),
                mounts,
                addresses());
        lastEnd.ifPresent(
                end -> backoff.restarted(member.name(), end, tools.time().instant()));
        try {
            tools.starter().start(now, member, observed, restartsOfLost(member), place);
            waits.remove(member.name());
            return true;
        } catch (StartException failure) {
            waits.put(member.name(), failure.waiting());
            inbox.wakeIn(CONFIG_RETRY);
            // a container that was made and did not live is news, and counts for the next back-off
            return failure.leftContainer();
        }
    }

    /// What the API remembers of a container that the runtime has forgotten.
    private int restartsOfLost(Member member) {
        var statuses = new ArrayList<>(status.getContainerStatuses());
        statuses.addAll(status.getInitContainerStatuses());
        return statuses.stream()
                .filter(known -> known.getName().equals(member.name()))
                .mapToInt(known -> known.getRestartCount() == null ? 0 : known.getRestartCount())
                .findFirst()
                .orElse(0);
    }

    private boolean isBackingOff(Pod now, Member member, Instant lastEnd) {
        var wait = backoff.pending(member.name(), lastEnd, tools.time().instant());
        if (wait.isEmpty()) {
            return false;
        }
        var delay = wait.get().delay();
        var message = "back-off " + goDuration(delay) + " restarting failed container=" + member.name() + " pod=" + key;
        var before = waits.put(member.name(), new Waiting(Waiting.CRASH_LOOP, message));
        if (before == null || !before.message().equals(message)) {
            tools.events()
                    .warning(
                            now,
                            member.fieldPath(),
                            "BackOff",
                            "Back-off restarting failed container " + member.name() + " in pod " + key);
        }
        inbox.wakeIn(wait.get().left());
        return true;
    }

    /// As Go prints it: `10s`, `1m20s`, `5m0s`.
    static String goDuration(Duration duration) {
        long minutes = duration.toMinutes();
        return (minutes > 0 ? minutes + "m" : "") + duration.toSecondsPart() + "s";
    }

    /// Of each container the newest stays, and one before it for its log.
    private void removeOldContainers() throws InterruptedException {
        var seen = new HashMap<String, Integer>();
        for (var container : observed.containers()) {
            int newer = seen.merge(container.name(), 1, Integer::sum) - 1;
            if (newer >= 2 && container.hasExited()) {
                tools.runtime().removeContainer(container.id());
                PodFiles.deleteFile(container.logPath());
            }
        }
        for (var sandbox : observed.sandboxes().stream().skip(1).toList()) {
            boolean used = observed.containers().stream()
                    .anyMatch(container -> container.sandboxId().equals(sandbox.id()));
            if (!used && !sandbox.ready()) {
                tools.runtime().removePodSandbox(sandbox.id());
            }
        }
    }

    // ---- the end

    private void end() throws InterruptedException {
        if (removed && !isDeleted(pod)) {
            log.info("pod was deleted by force", "pod", key);
        }
        stage = Sight.Stage.TERMINATING;
        probes.endLiveness();
        report();
        boolean stopped = false;
        while (!stopped) {
            var done = new boolean[1];
            boolean whole = inbox.runInterruptibly(() -> done[0] = stopOrRetry());
            stopped = done[0];
            if (whole && !stopped) {
                inbox.await();
            }
        }
        probes.close();
        tools.admission().release(key);
        stage = Sight.Stage.ENDED;
        report();
        takeAwayVolumes();
    }

    private boolean stopOrRetry() throws InterruptedException {
        try {
            look();
            boolean quiet = observed.running().isEmpty();
            tools.killer().killAll(pod, observed.running(), podIp(), grace(pod), quiet, this::lookAndReport);
            stopSandboxes();
            look();
            retry = RETRY;
            return true;
        } catch (CriException failure) {
            retryLater(failure);
            return false;
        }
    }

    private void stopSandboxes() throws InterruptedException {
        for (var sandbox : observed.sandboxes()) {
            tools.runtime().stopPodSandbox(sandbox.id());
        }
    }

    private void takeAwayVolumes() throws InterruptedException {
        while (true) {
            try {
                tools.volumes().unmount(key);
                tools.cgroups().remove(cgroup());
                return;
            } catch (IOException failure) {
                log.warn("volumes not taken away", "pod", key, "cause", failure.getMessage());
                inbox.wakeIn(nextRetry());
                inbox.await();
            }
        }
    }

    /// A pod that has run to its end stays in the API, and its containers here, until somebody deletes it.
    private void awaitDeletion() throws InterruptedException {
        while (!removed && !isDeleted(pod)) {
            inbox.await();
        }
        if (!removed) {
            report();
            channel.flush();
            deleteFromApi();
        }
        while (!removed) {
            // finalizers of others may keep the object for a while
            inbox.await();
        }
    }

    private void deleteFromApi() throws InterruptedException {
        while (!removed) {
            try {
                tools.api().delete(key);
                return;
            } catch (RuntimeException failure) {
                log.warn("pod not deleted", "pod", key, "cause", failure.getMessage());
                inbox.wakeIn(nextRetry());
                inbox.await();
            }
        }
    }

    private void cleanUp() throws InterruptedException {
        while (true) {
            try {
                for (var sandbox : observed.sandboxes()) {
                    tools.runtime().removePodSandbox(sandbox.id());
                }
                PodFiles.deleteTree(tools.dirs().of(key));
                PodFiles.deleteTree(tools.dirs().logs(key));
                log.info("pod gone", "pod", key);
                return;
            } catch (CriException failure) {
                retryLater(failure);
                inbox.await();
            }
        }
    }

    // ---- looking and telling

    private synchronized void look() throws InterruptedException {
        observed = runtime.observe();
    }

    private void lookAndReport() throws InterruptedException {
        look();
        report();
    }

    private synchronized void report() {
        var sight = new Sight(
                pod,
                observed,
                waits,
                verdicts(),
                tools.hostIps().get(),
                stage,
                ending,
                tools.time().instant());
        status = PodStatuses.of(sight, status);
        channel.put(status);
    }

    /// A container that is not probed yet is as it was known before.
    private Verdicts verdicts() {
        var verdicts = new HashMap<String, Verdict>();
        targets(pod).forEach(target -> verdicts.put(target.containerId(), target.before()));
        verdicts.putAll(probes.verdicts());
        return new Verdicts(verdicts);
    }

    private List<Target> targets(Pod now) {
        var targets = new ArrayList<Target>();
        for (var member : Member.of(now)) {
            observed.latest(member.name())
                    .filter(ObservedContainer::isRunning)
                    .map(container -> new Target(
                            member.spec(),
                            container.id(),
                            podIp(),
                            container.startedAt(),
                            member.fieldPath(),
                            known(container)))
                    .ifPresent(targets::add);
        }
        return targets;
    }

    /// What the API was told of this container before this worker began.
    private Verdict known(ObservedContainer container) {
        var statuses = new ArrayList<>(status.getContainerStatuses());
        statuses.addAll(status.getInitContainerStatuses());
        return statuses.stream()
                .filter(s -> Objects.equals(s.getContainerID(), "containerd://" + container.id()))
                .findFirst()
                .map(s -> new Verdict(
                        Boolean.TRUE.equals(s.getStarted()), Boolean.TRUE.equals(s.getReady()), Optional.empty()))
                .orElse(new Verdict(false, false, Optional.empty()));
    }

    private PodAddresses addresses() {
        var hostIps = tools.hostIps().get();
        if (Boolean.TRUE.equals(pod.getSpec().getHostNetwork())) {
            return new PodAddresses(hostIps, hostIps);
        }
        return new PodAddresses(
                hostIps,
                observed.usableSandbox().map(ObservedSandbox::addresses).orElse(List.of()));
    }

    private String podIp() {
        return addresses().podIp();
    }

    private String cgroup() {
        return Qos.of(pod).cgroupOf(key.uid());
    }

    private void retryLater(CriException failure) {
        log.warn("runtime refused", "pod", key, "cause", failure.getMessage());
        inbox.wakeIn(nextRetry());
    }

    private Duration nextRetry() {
        var now = retry;
        var doubled = retry.multipliedBy(2);
        retry = doubled.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : doubled;
        return now;
    }

    private static boolean isDeleted(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() != null;
    }

    private static Duration grace(Pod pod) {
        var asked = pod.getMetadata().getDeletionGracePeriodSeconds();
        var fallback = pod.getSpec().getTerminationGracePeriodSeconds();
        long seconds = asked != null ? asked : fallback != null ? fallback : DEFAULT_GRACE_SECONDS;
        return Duration.ofSeconds(Math.max(1, seconds));
    }

    private static Duration graceOf(Pod pod, PodPlan.Kill kill) {
        var spec = kill.member().spec();
        var own = kill.probe().map(kind -> switch (kind) {
            case LIVENESS -> spec.getLivenessProbe().getTerminationGracePeriodSeconds();
            case STARTUP -> spec.getStartupProbe().getTerminationGracePeriodSeconds();
            case READINESS -> null;
        });
        return own.map(seconds -> Duration.ofSeconds(Math.max(1, seconds))).orElseGet(() -> grace(pod));
    }
}
