package dev.kapal.scheduler.queue;

import dev.kapal.base.time.Time;
import dev.kapal.client.Backoff;
import dev.kapal.client.Key;
import dev.kapal.scheduler.framework.ClusterEvent;
import dev.kapal.scheduler.framework.Profile;
import dev.kapal.scheduler.framework.Verdict;
import dev.kapal.scheduler.snapshot.PodFacts;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The pods that wait for a node. Any thread.
///
/// ```
///            new ──▶ ACTIVE ──pop──▶ in flight ──done──▶ (placed)
///                      ▲  ▲             │
///      back-off is over│  │event,       │failed
///                      │  │back-off over▼
///                   BACKOFF ◀──event── UNSCHEDULABLE
///                      ▲ failed, but an event came meanwhile, or it broke down
/// ```
/// A pod that fits nowhere waits for an event that may change that, or for [#LONGEST_WAIT]. Back-off grows from 1 s to
/// 10 s; while nothing else is active, a pod that backs off after a verdict is taken early. All as upstream.
public final class SchedulingQueue {
    static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(10));

    private final Profile profile;
    private final Time time;

    /// Guards all below.
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition arrived = lock.newCondition();
    private final TreeSet<QueuedPod> active;
    private final TreeSet<QueuedPod> backoff;
    private final Map<Key, QueuedPod> unschedulable = new HashMap<>();
    private final Map<Key, QueuedPod> gated = new HashMap<>();
    /// The uids of those popped and not yet answered for, with the events counted until then.
    private final Map<String, long[]> inFlight = new HashMap<>();
    /// Where each pod in `active` or `backoff` is.
    private final Map<Key, QueuedPod> sorted = new HashMap<>();

    private final long[] events = new long[ClusterEvent.values().length];
    private long numbers;

    public SchedulingQueue(Profile profile, Time time) {
        this.profile = profile;
        this.time = time;
        Comparator<QueuedPod> byAge = Comparator.comparingLong(QueuedPod::number);
        active = new TreeSet<>(
                Comparator.comparing(QueuedPod::pod, profile.queueSort().order())
                        .thenComparing(byAge));
        backoff = new TreeSet<>(Comparator.comparingLong(this::readyAt).thenComparing(byAge));
    }

    /// How many pods wait where, for the metrics.
    public record Sizes(int active, int backoff, int unschedulable, int gated) {}

    /// A pod without a node was seen. `changed` says that something about it changed which may let it fit.
    public void put(PodFacts pod, boolean changed) {
        lock.lock();
        try {
            if (inFlight.containsKey(pod.uid())) {
                // The one who answers for it looks at the newest state.
                count(ClusterEvent.POD_CHANGED, changed);
                return;
            }
            var known = find(pod.key()).filter(old -> old.pod().uid().equals(pod.uid()));
            if (known.isPresent() && !changed) {
                replace(known.get(), known.get().with(pod));
                return;
            }
            take(pod.key());
            enter(known.map(old -> old.with(pod)).orElseGet(() -> QueuedPod.fresh(pod, numbers++)));
        } finally {
            lock.unlock();
        }
    }

    /// The pod has a node, is gone, or is no business of ours.
    public void remove(Key key) {
        lock.lock();
        try {
            take(key);
        } finally {
            lock.unlock();
        }
    }

    /// Blocks until a pod's turn has come. Answer for it with [#done] or [#failed].
    public QueuedPod pop() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                var next = Optional.ofNullable(active.pollFirst()).or(this::pollEarly);
                if (next.isPresent()) {
                    sorted.remove(next.get().pod().key());
                    inFlight.put(next.get().pod().uid(), events.clone());
                    return next.get();
                }
                arrived.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /// The pod got a node, or is gone.
    public void done(PodFacts pod) {
        lock.lock();
        try {
            inFlight.remove(pod.uid());
        } finally {
            lock.unlock();
        }
    }

    /// The popped pod, whose state is `newest` now, fits nowhere because of `plugins`, or (`broken`) the attempt broke
    /// down.
    public void failed(QueuedPod attempt, PodFacts newest, Set<String> plugins, boolean broken) {
        lock.lock();
        try {
            long[] eventsBefore = inFlight.remove(attempt.pod().uid());
            var queued = attempt.failed(newest, time.nanos(), plugins, broken);
            if (broken || helpCame(eventsBefore, plugins)) {
                backOff(queued);
            } else {
                unschedulable.put(newest.key(), queued);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Something happened: wakes the pods that it may help.
    public void happened(ClusterEvent event) {
        lock.lock();
        try {
            count(event, true);
            for (var waiting = unschedulable.values().iterator(); waiting.hasNext(); ) {
                var pod = waiting.next();
                if (profile.mayHelp(event, pod.rejectedBy())) {
                    waiting.remove();
                    enter(pod);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// Lets pods go on whose back-off is over or that have waited too long. Called about once a second.
    public void tick() {
        lock.lock();
        try {
            long now = time.nanos();
            while (!backoff.isEmpty() && readyAt(backoff.first()) - now <= 0) {
                activate(backoff.pollFirst());
            }
            Iterator<QueuedPod> waiting = unschedulable.values().iterator();
            while (waiting.hasNext()) {
                var pod = waiting.next();
                if (now - pod.failedAt() > LONGEST_WAIT.toNanos()) {
                    waiting.remove();
                    enter(pod);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    public Sizes sizes() {
        lock.lock();
        try {
            return new Sizes(active.size(), backoff.size(), unschedulable.size(), gated.size());
        } finally {
            lock.unlock();
        }
    }

    /// Takes the pod that has backed off longest, when the queue has nothing better to do. Not one whose attempt broke
    /// down: whatever broke needs the pause.
    private Optional<QueuedPod> pollEarly() {
        var early = backoff.stream().filter(pod -> !pod.broken()).findFirst();
        early.ifPresent(backoff::remove);
        return early;
    }

    private void count(ClusterEvent event, boolean happened) {
        events[event.ordinal()] += happened ? 1 : 0;
    }

    /// Whether something happened since `before` that may help a pod rejected by `plugins`.
    private boolean helpCame(long[] before, Set<String> plugins) {
        for (var event : ClusterEvent.values()) {
            if (events[event.ordinal()] != before[event.ordinal()] && profile.mayHelp(event, plugins)) {
                return true;
            }
        }
        return false;
    }

    private void enter(QueuedPod pod) {
        for (var plugin : profile.preEnqueue()) {
            if (plugin.preEnqueue(pod.pod()) instanceof Verdict.Reject) {
                gated.put(pod.pod().key(), pod);
                return;
            }
        }
        if (pod.attempts() > 0 && readyAt(pod) - time.nanos() > 0) {
            backOff(pod);
        } else {
            activate(pod);
        }
    }

    private void activate(QueuedPod pod) {
        active.add(pod);
        sorted.put(pod.pod().key(), pod);
        arrived.signal();
    }

    private void backOff(QueuedPod pod) {
        backoff.add(pod);
        sorted.put(pod.pod().key(), pod);
        arrived.signal();
    }

    private long readyAt(QueuedPod pod) {
        return pod.failedAt() + BACKOFF.after(pod.attempts() - 1).toNanos();
    }

    private Optional<QueuedPod> find(Key key) {
        return Optional.ofNullable(sorted.get(key))
                .or(() -> Optional.ofNullable(unschedulable.get(key)))
                .or(() -> Optional.ofNullable(gated.get(key)));
    }

    private void take(Key key) {
        var inOrder = sorted.remove(key);
        if (inOrder != null) {
            active.remove(inOrder);
            backoff.remove(inOrder);
        }
        unschedulable.remove(key);
        gated.remove(key);
    }

    /// Puts the newer state of a pod where the older one is.
    private void replace(QueuedPod old, QueuedPod newer) {
        Key key = newer.pod().key();
        if (active.remove(old)) {
            active.add(newer);
            sorted.put(key, newer);
        } else if (backoff.remove(old)) {
            backoff.add(newer);
            sorted.put(key, newer);
        }
        unschedulable.replace(key, newer);
        gated.replace(key, newer);
    }
}
