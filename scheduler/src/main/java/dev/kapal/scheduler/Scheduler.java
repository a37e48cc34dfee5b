package dev.kapal.scheduler;

import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.client.Api;
import dev.kapal.client.Cache;
import dev.kapal.client.EventRecorder;
import dev.kapal.client.Informers;
import dev.kapal.scheduler.framework.Profile;
import dev.kapal.scheduler.plugin.DefaultPlugins;
import dev.kapal.scheduler.queue.QueuedPod;
import dev.kapal.scheduler.queue.SchedulingQueue;
import dev.kapal.scheduler.snapshot.ClusterState;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;

/// Gives each pod without a node one. One thread decides, pod after pod, over a frozen snapshot; each decision is then
/// carried out on a thread of its own while the next pod is decided, counting the pod on its node already.
public final class Scheduler implements AutoCloseable {
    private static final Log log = Log.of(Scheduler.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    /// The most bindings under way at once; the decisions wait for them.
    private static final int BINDINGS = 128;

    private final Time time;
    private final SchedulingQueue queue;
    private final ClusterState state = new ClusterState();
    private final Decider decider;
    private final BindingCycle binding;
    private final Failures failures;
    private final SchedulerMetrics measured;
    private final Semaphore bindings = new Semaphore(BINDINGS);
    private final Life life;

    private Scheduler(Life life, Profile profile, Time time, RandomGenerator random, Metrics metrics, Outside outside) {
        this.life = life;
        this.time = time;
        queue = new SchedulingQueue(profile, time);
        decider = new Decider(profile, random);
        measured = new SchedulerMetrics(metrics, time, queue);
        var feed = new ClusterFeed(profile.schedulerName(), state, queue);
        failures = new Failures(outside, queue, feed, time, measured);
        binding = new BindingCycle(profile, state, queue, failures, outside, measured);
        feed.follow(outside.nodes(), outside.pods());
    }

    /// What the scheduler sees of the API server and says to it.
    record Outside(Api api, EventRecorder events, Cache<Node> nodes, Cache<Pod> pods) {}

    /// Starts the default scheduler; close it to stop. Errors: none, it waits for the API server.
    public static Scheduler start(KubernetesClient client, Time time, RandomGenerator random, Metrics metrics) {
        var life = new Life("scheduler");
        var api = new Api(client);
        var informers = life.own(new Informers(client, time, metrics));
        var events = life.own(new EventRecorder(client, time));
        var outside = new Outside(api, events, informers.of(Node.class), informers.of(Pod.class));
        var scheduler = new Scheduler(life, DefaultPlugins.profile(api), time, random, metrics, outside);
        life.start("tick", scheduler::tick);
        life.start("decide", () -> scheduler.run(outside));
        return scheduler;
    }

    @Override
    public void close() {
        life.close();
    }

    private void tick() throws InterruptedException {
        while (true) {
            time.sleep(TICK);
            queue.tick();
        }
    }

    private void run(Outside outside) throws InterruptedException {
        // With half the nodes or pods unseen, nodes would look emptier and fewer than they are.
        outside.nodes().awaitSync();
        outside.pods().awaitSync();
        log.info("scheduler started", "nodes", outside.nodes().all().size());
        while (true) {
            var pod = queue.pop();
            try {
                schedule(pod);
            } catch (RuntimeException fault) {
                if (life.isClosed()) {
                    return;
                }
                log.error("scheduling failed", fault, "pod", pod.pod().key());
                failures.broke(pod, String.valueOf(fault.getMessage()), measured.start());
            }
        }
    }

    private void schedule(QueuedPod queued) throws InterruptedException {
        long start = measured.start();
        var pod = queued.pod();
        var decision = decider.decide(pod, state.snapshot());
        measured.decided(start);
        switch (decision) {
            case Decision.NoFit noFit -> {
                Optional<Runnable> report = failures.fitsNowhere(queued, noFit, start);
                report.ifPresent(work -> life.spawn("report", work::run));
            }
            case Decision.Place(String node, int evaluated, int feasible) -> {
                log.debug("node chosen", "pod", pod.key(), "node", node, "evaluated", evaluated, "fit", feasible);
                state.assume(pod, node);
                bindings.acquire();
                life.spawn("bind", () -> {
                    try {
                        binding.run(queued, node, start);
                    } finally {
                        bindings.release();
                    }
                });
            }
        }
    }
}
