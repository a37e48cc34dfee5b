package dev.kapal.agent.pod;

import dev.kapal.agent.cri.CriException;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;

/// Brings one pod a step nearer to what its spec asks: volumes, sandbox, containers. Runs on the pod's worker; blocks;
/// repeating it without news changes nothing.
final class PodSync {
    private static final Duration CONFIG_RETRY = Duration.ofSeconds(10);

    /// How far a step came.
    enum Step {
        /// Something was done: look again at once.
        ACTED,
        /// Nothing to do until something changes.
        SETTLED,
        /// The pod has run to its end.
        OVER
    }

    private final PodTools tools;
    private final PodView view;
    private final Inbox inbox;
    private final Retry retry;
    private final PodKey key;
    private final Backoff backoff = new Backoff();

    PodSync(PodTools tools, PodView view, Inbox inbox, Retry retry) {
        this.tools = tools;
        this.view = view;
        this.inbox = inbox;
        this.retry = retry;
        this.key = PodKey.of(view.pod());
    }

    /// Goes on with containers that an earlier agent has started.
    void adopt() {
        view.observed().containers().forEach(backoff::adopt);
    }

    /// `seenAll`: nothing has happened since the last look but what the last step did before it.
    Step step(boolean seenAll) throws InterruptedException {
        var pod = view.pod();
        if (isPastDeadline(pod)) {
            return Step.OVER;
        }
        if (!seenAll) {
            view.lookAndReport();
        }
        PodMounts mounts;
        try {
            mounts = tools.volumes().mount(pod, view.addresses());
        } catch (PodVolumes.VolumeException failure) {
            tools.events().warning(pod, "", "FailedMount", failure.getMessage());
            inbox.wakeIn(retry.pause());
            return Step.SETTLED;
        }
        var plan = PodPlan.of(pod, view.observed(), view.verdicts());
        if (plan.over()) {
            return Step.OVER;
        }
        boolean acted = carryOut(plan, pod, mounts);
        if (acted) {
            view.look();
        }
        view.followRunning();
        view.report();
        if (!acted) {
            removeOldContainers();
        }
        return acted ? Step.ACTED : Step.SETTLED;
    }

    private boolean isPastDeadline(Pod pod) {
        var limit = pod.getSpec().getActiveDeadlineSeconds();
        var started = view.status().getStartTime();
        if (limit == null || started == null) {
            return false;
        }
        var left = Duration.between(
                tools.time().instant(), Timestamps.parse(started).plusSeconds(limit));
        if (left.isPositive()) {
            inbox.wakeIn(left);
            return false;
        }
        var message = "Pod was active on the node longer than the specified deadline";
        tools.events().normal(pod, "", "DeadlineExceeded", message);
        view.end("DeadlineExceeded", message);
        return true;
    }

    /// Whether anything was changed, so that it is worth to look again at once.
    private boolean carryOut(PodPlan plan, Pod pod, PodMounts mounts) throws InterruptedException {
        if (plan.createSandbox()) {
            return createSandbox(pod);
        }
        boolean acted = false;
        for (var kill : plan.kills()) {
            tools.killer()
                    .kill(pod, kill.member(), kill.container(), view.podIp(), kill.message(), Grace.of(pod, kill));
            acted = true;
        }
        for (var member : plan.starts()) {
            if (start(pod, member, mounts)) {
                acted = true;
                if (plan.starts().size() > 1) {
                    view.lookAndReport();
                }
            }
        }
        return acted;
    }

    private boolean createSandbox(Pod pod) throws InterruptedException {
        int attempt = view.observed().sandbox().map(last -> last.attempt() + 1).orElse(0);
        if (attempt > 0) {
            tools.events().normal(pod, "", "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.");
            for (var sandbox : view.observed().sandboxes()) {
                tools.runtime().stopPodSandbox(sandbox.id());
            }
        }
        if (UserNamespaces.isWanted(pod) && !tools.runtime().hasUserNamespaces()) {
            // to run it as the machine's users would be worse
            return notCreated(pod, "can't set `spec.hostUsers: false`, runtime does not support user namespaces");
        }
        tools.cgroups().ensure(pod, Qos.of(pod).cgroupOf(key.uid()));
        try {
            tools.runtime().runPodSandbox(tools.sandboxes().of(pod, attempt), "");
            tools.metrics().podStarted();
            retry.reset();
            return true;
        } catch (CriException | UncheckedIOException failure) {
            return notCreated(pod, failure.getMessage());
        }
    }

    private boolean notCreated(Pod pod, String why) {
        tools.events().warning(pod, "", "FailedCreatePodSandBox", "Failed to create pod sandbox: " + why);
        inbox.wakeIn(retry.pause());
        return false;
    }

    private boolean start(Pod pod, Member member, PodMounts mounts) throws InterruptedException {
        var observed = view.observed();
        var lastEnd = observed.latestExited(member.name()).map(ObservedContainer::finishedAt);
        if (lastEnd.isPresent() && isBackingOff(pod, member, lastEnd.get())) {
            return false;
        }
        var sandbox = observed.usableSandbox();
        if (sandbox.isEmpty()) {
            return true;
        }
        var place = new ContainerStarter.Place(
                sandbox.get().id(),
                tools.sandboxes().of(pod, sandbox.get().attempt()),
                tools.sandboxes().hostname(pod),
                mounts,
                view.addresses());
        lastEnd.ifPresent(
                end -> backoff.restarted(member.name(), end, tools.time().instant()));
        try {
            tools.starter().start(pod, member, observed, view.restartsTold(member), place);
            tools.metrics().containerStarted(member);
            view.waitsNoMore(member);
            return true;
        } catch (StartException failure) {
            view.waits(member, failure.waiting());
            inbox.wakeIn(CONFIG_RETRY);
            // a container that was made and did not live is news, and counts for the next back-off
            return failure.leftContainer();
        }
    }

    private boolean isBackingOff(Pod pod, Member member, Instant lastEnd) {
        var wait = backoff.pending(member.name(), lastEnd, tools.time().instant());
        if (wait.isEmpty()) {
            return false;
        }
        var why = new Waiting(
                Waiting.CRASH_LOOP,
                "back-off " + goDuration(wait.get().delay()) + " restarting failed container=" + member.name() + " pod="
                        + key);
        var before = view.waits(member, why);
        if (!before.filter(why::equals).isPresent()) {
            var message = "Back-off restarting failed container " + member.name() + " in pod " + key;
            tools.events().warning(pod, member.fieldPath(), "BackOff", message);
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
        var observed = view.observed();
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
}
