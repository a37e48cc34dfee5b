package dev.kapal.scheduler;

import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import dev.kapal.scheduler.framework.Profile;
import dev.kapal.scheduler.queue.QueuedPod;
import dev.kapal.scheduler.queue.SchedulingQueue;
import dev.kapal.scheduler.snapshot.PodFacts;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Set;

/// Deals with pods that got no node: back to the queue, and told why. Scheduling and binding threads.
final class Failures {
    private static final Log log = Log.of(Failures.class);

    private final Scheduler.Outside outside;
    private final SchedulingQueue queue;
    private final ClusterFeed feed;
    private final Time time;
    private final SchedulerMetrics measured;
    private final PodStatus status;

    Failures(Scheduler.Outside outside, SchedulingQueue queue, ClusterFeed feed, Time time, SchedulerMetrics measured) {
        this.outside = outside;
        this.queue = queue;
        this.feed = feed;
        this.time = time;
        this.measured = measured;
        status = new PodStatus(outside.api());
    }

    /// Queues the pod again. The answer is what is left to do, which blocks: to tell the user.
    Optional<Runnable> fitsNowhere(QueuedPod queued, Decision.NoFit noFit, long start) {
        measured.ended(SchedulerMetrics.Result.UNSCHEDULABLE, start);
        var newest = requeue(queued, noFit.plugins(), false);
        return newest.map(pod -> () -> tell(pod, "Unschedulable", noFit.message()));
    }

    /// The attempt broke down, which says nothing about the pod. Blocks.
    void broke(QueuedPod queued, String message, long start) {
        measured.ended(SchedulerMetrics.Result.ERROR, start);
        requeue(queued, Set.of(), true).ifPresent(pod -> tell(pod, "SchedulerError", message));
    }

    /// Puts the newest state of the pod back into the queue; nothing when it no longer waits for a node.
    private Optional<PodFacts> requeue(QueuedPod queued, Set<String> plugins, boolean broken) {
        Optional<Pod> newest = outside.pods()
                .find(queued.pod().key())
                .filter(feed::isOurs)
                .filter(pod -> pod.getMetadata().getUid().equals(queued.pod().uid()));
        if (newest.isEmpty()) {
            queue.done(queued.pod());
            return Optional.empty();
        }
        var facts = PodFacts.of(newest.get());
        queue.failed(queued, facts, plugins, broken);
        return Optional.of(facts);
    }

    private void tell(PodFacts pod, String reason, String message) {
        log.debug("pod not scheduled", "pod", pod.key(), "reason", reason, "message", message);
        outside.events().warning(pod.pod(), "FailedScheduling", message, Profile.DEFAULT_SCHEDULER);
        try {
            status.notScheduled(pod, reason, message, time.instant());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (KubernetesClientException | UncheckedIOException failure) {
            // The pod may be gone; and it will be told again.
            log.debug("condition not written", "pod", pod.key(), "cause", failure.toString());
        }
    }
}
