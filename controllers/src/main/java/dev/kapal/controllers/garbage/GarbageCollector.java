package dev.kapal.controllers.garbage;

import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.client.Api;
import dev.kapal.client.Change;
import dev.kapal.client.Key;
import dev.kapal.client.Outcome;
import dev.kapal.client.Reconciler;
import dev.kapal.client.ReconcilerRunner;
import dev.kapal.client.Reflector;
import dev.kapal.client.Wake;
import dev.kapal.controllers.discovery.ServedResources;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/// Collects garbage. Keys are uids. Threads: one watch per resource, one that looks for new resources, and the workers
/// of its runner.
///
/// Source: Kubernetes documentation, "Garbage Collection", "Owners and Dependents".
public final class GarbageCollector implements Reconciler, AutoCloseable {
    private static final Log log = Log.of(GarbageCollector.class);
    private static final Duration DISCOVERY = Duration.ofSeconds(30);
    private static final Duration DISCOVERY_RETRY = Duration.ofMillis(500);

    private final Api api;
    private final Time time;
    private final Graph graph = new Graph();
    private final Owners owners;
    private final Sentence sentence;
    private final Life life = new Life("garbage");
    private final CountDownLatch surveyed = new CountDownLatch(1);
    /// Only the discovery thread touches it.
    private final Map<Resource, Reflector<Observed>> watches = new HashMap<>();

    private final ReconcilerRunner runner;

    private GarbageCollector(Api api, int workers, Time time, Metrics metrics) {
        this.api = api;
        this.time = time;
        this.owners = new Owners(graph, api);
        this.sentence = new Sentence(api);
        this.runner =
                life.own(ReconcilerRunner.start("garbage_collector_attempt_to_delete", this, workers, time, metrics));
        metrics.gauge("kapal_garbage_collector_objects", "Objects in the graph of owners.")
                .read(graph::size);
    }

    public static GarbageCollector start(Api api, int workers, Time time, Metrics metrics) {
        var collector = new GarbageCollector(api, workers, time, metrics);
        collector.life.start("discovery", collector::discover);
        return collector;
    }

    /// None: the watches come and go with the resources, and wake by themselves.
    @Override
    public List<Wake> wakes() {
        return List.of();
    }

    @Override
    public Outcome reconcile(Key key) throws InterruptedException {
        // An owner that is not in the graph may just not be listed yet.
        surveyed.await();
        var found = graph.find(key.name());
        if (found.isEmpty()) {
            return Outcome.settled();
        }
        var node = found.get();
        var dependents = graph.dependents(key.name());
        apply(node, Verdict.on(node.object(), dependents, owners.of(node)));
        return Outcome.settled();
    }

    private void apply(Graph.Node node, Verdict verdict) throws InterruptedException {
        switch (verdict) {
            case Verdict.Keep() -> {}
            case Verdict.Orphan(var dependents) -> sentence.orphan(node, dependents);
            case Verdict.Release() -> sentence.release(node, Observed.FOREGROUND);
            case Verdict.Disown(var leaving) -> sentence.disown(node, leaving);
            case Verdict.Await(var blocking) ->
                blocking.stream()
                        .filter(dependent -> !dependent.object().deleting())
                        .forEach(dependent ->
                                runner.wake(Key.cluster(dependent.object().uid())));
            case Verdict.Delete(String policy, boolean unblock) -> {
                if (unblock) {
                    sentence.unblock(node); // the change wakes us again, for the deletion itself
                } else {
                    log.debug(
                            "deleting",
                            "kind",
                            node.resource().kind(),
                            "object",
                            node.object().key());
                    sentence.delete(node, policy);
                }
            }
        }
    }

    private void discover() throws InterruptedException {
        while (true) {
            boolean complete = false;
            try {
                follow(ServedResources.discover(api));
                complete = true;
            } catch (KubernetesClientException | UncheckedIOException failure) {
                log.debug("discovery failed", "cause", failure.toString());
            }
            if (complete && surveyed.getCount() > 0) {
                for (var watch : watches.values()) {
                    watch.cache().awaitSync();
                }
                surveyed.countDown();
            }
            time.sleep(complete ? DISCOVERY : DISCOVERY_RETRY);
        }
    }

    /// What a server serves that is away is still followed: it comes back.
    private void follow(ServedResources served) {
        var resources = Resource.of(served).collect(Collectors.toSet());
        watches.keySet().stream()
                .filter(known -> served.unknown().contains(known.apiVersion()))
                .forEach(resources::add);
        for (Resource resource : resources) {
            owners.know(resource);
            watches.computeIfAbsent(resource, this::watch);
        }
        for (var gone : List.copyOf(watches.keySet())) {
            if (!resources.contains(gone)) {
                watches.remove(gone).close();
            }
        }
    }

    private Reflector<Observed> watch(Resource resource) {
        var watch = life.own(Reflector.start(api, Observed.source(resource), time));
        watch.cache().onChange(change -> take(resource, change));
        return watch;
    }

    private void take(Resource resource, Change<Observed> change) {
        Set<String> due = switch (change) {
            case Change.Added<Observed>(Observed now) -> graph.put(new Graph.Node(resource, now));
            case Change.Updated<Observed>(Observed before, Observed now) -> {
                var worth = new HashSet<String>();
                if (!before.uid().equals(now.uid())) {
                    worth.addAll(forget(before));
                }
                worth.addAll(graph.put(new Graph.Node(resource, now)));
                yield worth;
            }
            case Change.Deleted<Observed>(Observed last) -> forget(last);
        };
        due.forEach(uid -> runner.wake(Key.cluster(uid)));
    }

    private Set<String> forget(Observed last) {
        owners.gone(last.uid());
        return graph.remove(last);
    }

    @Override
    public void close() {
        life.close();
    }
}
