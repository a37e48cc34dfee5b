package dev.kapal.apiserver.aggregation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.api.Loopback;
import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Finds out whether the servers behind this one are there, and says so in their APIService. They are asked when
/// something about them changed, when they could not be reached, and every half minute; each by a thread of its own, so
/// that one that hangs holds up nobody.
final class RemoteChecks implements AutoCloseable {
    private static final Log log = Log.of(RemoteChecks.class);
    private static final Duration RECHECK = Duration.ofSeconds(30);

    private final Aggregator aggregator;
    private final Loopback server;
    private final RemoteQuestions questions;
    private final Metrics.Gauge unavailable;
    private final Metrics.Counter losses;
    private final Time time;
    private final Life life = new Life("api-services");
    /// When each was asked last, and where.
    private final Map<RemoteApi, Asked> asked = new ConcurrentHashMap<>();
    /// At most one check of each is under way.
    private final Set<RemoteApi> underWay = ConcurrentHashMap.newKeySet();

    private record Asked(long nanos, List<Availability.Address> addresses) {}

    RemoteChecks(Aggregator aggregator, Loopback server, RemoteQuestions questions, Metrics metrics, Time time) {
        this.aggregator = aggregator;
        this.server = server;
        this.questions = questions;
        this.unavailable = metrics.gauge(
                "aggregator_unavailable_apiservice",
                "Gauge of APIServices which are marked as unavailable broken down by APIService name.",
                "name");
        this.losses = metrics.counter(
                "aggregator_unavailable_apiservice_total",
                "Counter of APIServices which are marked as unavailable broken down by APIService name and reason.",
                "name",
                "reason");
        this.time = time;
    }

    /// Begins to check all of which no check is under way; waits for none.
    void begin() {
        var all = aggregator.all();
        asked.keySet().stream()
                .filter(gone -> !all.contains(gone))
                .forEach(gone -> unavailable.forget(gone.service().name()));
        asked.keySet().retainAll(all);
        for (var api : all) {
            if (underWay.add(api)) {
                life.spawn(api.service().name(), () -> {
                    try {
                        check(api);
                    } finally {
                        underWay.remove(api);
                    }
                });
            }
        }
    }

    private void check(RemoteApi api) throws IOException, InterruptedException {
        var found = find(api.service().service().orElseThrow());
        if (found.problem().isPresent()) {
            conclude(api, api.knowledge().unavailable(found.problem().get(), List.of()));
            return;
        }
        long now = time.nanos();
        var before = asked.get(api);
        boolean fresh = before != null
                && before.addresses().equals(found.addresses())
                && api.isAvailable()
                && now - before.nanos() < RECHECK.toNanos();
        if (fresh) {
            return;
        }
        asked.put(api, new Asked(now, found.addresses()));
        conclude(api, questions.ask(api, found.addresses()));
    }

    private Availability.Found find(ApiService.Service service) throws IOException, InterruptedException {
        String namespace = "/namespaces/" + service.namespace();
        var object = server.call("GET", "/api/v1" + namespace + "/services/" + service.name(), "");
        var slices = new ArrayList<JsonNode>();
        if (object.status() == 200) {
            String selector = "?labelSelector=kubernetes.io%2Fservice-name%3D" + service.name();
            server.call("GET", "/apis/discovery.k8s.io/v1" + namespace + "/endpointslices" + selector, "")
                    .document()
                    .path("items")
                    .forEach(slices::add);
        }
        return Availability.find(
                service, object.status() == 200 ? Optional.of(object.document()) : Optional.empty(), slices);
    }

    private void conclude(RemoteApi api, RemoteApi.Knowledge knowledge) throws IOException, InterruptedException {
        var name = api.service().name();
        boolean wasThere = api.isAvailable();
        api.learn(knowledge);
        unavailable.read(() -> api.isAvailable() ? 0 : 1, name);
        if (wasThere && !api.isAvailable()) {
            losses.increment(name, knowledge.availability().reason());
        }
        var stored = server.call("GET", AggregationKeeper.SERVICES + "/" + name, "");
        if (stored.status() != 200) {
            return;
        }
        var changed = knowledge.availability().in(stored.document(), time.instant());
        if (changed.isPresent()) {
            log.info(
                    "api service availability changed",
                    "service",
                    name,
                    "available",
                    knowledge.availability().available(),
                    "reason",
                    knowledge.availability().reason());
            Availability.put(changed.get(), server);
        }
    }

    @Override
    public void close() {
        life.close();
    }
}
