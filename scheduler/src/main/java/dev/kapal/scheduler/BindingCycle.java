package dev.kapal.scheduler;

import dev.kapal.base.log.Log;
import dev.kapal.scheduler.framework.Plugin;
import dev.kapal.scheduler.framework.Profile;
import dev.kapal.scheduler.framework.Verdict;
import dev.kapal.scheduler.queue.QueuedPod;
import dev.kapal.scheduler.queue.SchedulingQueue;
import dev.kapal.scheduler.snapshot.ClusterState;
import dev.kapal.scheduler.snapshot.PodFacts;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Carries out a decision: Reserve, Permit, PreBind, Bind, PostBind. Runs on a thread of its own per pod; whatever goes
/// wrong, the pod no longer counts on the node and goes back to the queue.
final class BindingCycle {
    private static final Log log = Log.of(BindingCycle.class);

    private final Profile profile;
    private final ClusterState state;
    private final SchedulingQueue queue;
    private final Failures failures;
    private final Scheduler.Outside outside;
    private final SchedulerMetrics measured;

    BindingCycle(
            Profile profile,
            ClusterState state,
            SchedulingQueue queue,
            Failures failures,
            Scheduler.Outside outside,
            SchedulerMetrics measured) {
        this.profile = profile;
        this.state = state;
        this.queue = queue;
        this.failures = failures;
        this.outside = outside;
        this.measured = measured;
    }

    /// The pod is assumed on `node`.
    void run(QueuedPod queued, String node, long start) throws InterruptedException {
        var pod = queued.pod();
        var reserved = new ArrayList<Plugin.Reserve>();
        try {
            var refusal = bind(pod, node, reserved);
            if (refusal.isEmpty()) {
                bound(queued, node, start);
                return;
            }
            undo(pod, node, reserved);
            failures.broke(queued, refusal.get(), start);
        } catch (InterruptedException stop) {
            undo(pod, node, reserved);
            throw stop;
        }
    }

    /// Why it could not be bound, if so.
    private Optional<String> bind(PodFacts pod, String node, List<Plugin.Reserve> reserved)
            throws InterruptedException {
        String step = "";
        try {
            for (var plugin : profile.reserve()) {
                step = "Reserve plugin \"" + plugin.name() + "\"";
                reserved.add(plugin);
                if (plugin.reserve(pod, node) instanceof Verdict.Reject reject) {
                    return Optional.of(String.join(", ", reject.reasons()));
                }
            }
            for (var plugin : profile.permit()) {
                step = "Permit plugin \"" + plugin.name() + "\"";
                if (plugin.permit(pod, node) instanceof Verdict.Reject reject) {
                    return Optional.of(String.join(", ", reject.reasons()));
                }
            }
            for (var plugin : profile.preBind()) {
                step = "PreBind plugin \"" + plugin.name() + "\"";
                plugin.preBind(pod, node);
            }
            for (var plugin : profile.bind()) {
                step = "Bind plugin \"" + plugin.name() + "\"";
                if (plugin.bind(pod, node)) {
                    return Optional.empty();
                }
            }
            return Optional.of("binding rejected: no plugin binds this pod");
        } catch (RuntimeException failure) {
            return Optional.of("binding rejected: running " + step + ": " + message(failure));
        }
    }

    private void bound(QueuedPod queued, String node, long start) {
        var pod = queued.pod();
        queue.done(pod);
        measured.ended(SchedulerMetrics.Result.SCHEDULED, start);
        measured.placedAfter(queued.attempts() + 1);
        log.info("pod bound", "pod", pod.key(), "node", node);
        outside.events()
                .normal(
                        pod.pod(),
                        "Scheduled",
                        "Successfully assigned " + pod.key().namespace() + "/"
                                + pod.key().name() + " to " + node,
                        profile.schedulerName());
        profile.postBind().forEach(plugin -> plugin.postBind(pod, node));
    }

    private void undo(PodFacts pod, String node, List<Plugin.Reserve> reserved) {
        reserved.reversed().forEach(plugin -> plugin.unreserve(pod, node));
        state.forget(pod);
    }

    /// The API server's own words where there are some.
    private static String message(RuntimeException failure) {
        return failure instanceof KubernetesClientException refusal
                        && refusal.getStatus() != null
                        && refusal.getStatus().getMessage() != null
                ? refusal.getStatus().getMessage()
                : String.valueOf(failure.getMessage());
    }
}
