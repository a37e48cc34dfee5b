package dev.kapal.apiserver.aggregation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.Loopback;
import dev.kapal.apiserver.cache.Cursor;
import dev.kapal.apiserver.cache.WatchCache;
import dev.kapal.apiserver.cache.WatchCaches;
import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.http.Handler;
import dev.kapal.model.GroupVersion;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.model.codec.Documents;
import dev.kapal.pki.ClusterPki;
import dev.kapal.pki.Pem;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Keeps APIService objects true: those of what is served here exist, and each says whether it is available. What other
/// servers serve is for [RemoteChecks] to find out. One thread.
final class AggregationKeeper implements AutoCloseable {
    private static final Log log = Log.of(AggregationKeeper.class);
    private static final Duration PERIOD = Duration.ofSeconds(3);
    static final String SERVICES = "/apis/apiregistration.k8s.io/v1/apiservices";

    private final Loopback server;
    private final RemoteChecks others;
    private final ResourceRegistry registry;
    private final WatchCache cache;
    private final ClusterPki pki;
    private final Time time;

    AggregationKeeper(
            Aggregator aggregator,
            Handler handler,
            ResourceRegistry registry,
            WatchCaches caches,
            ClusterPki pki,
            RandomGenerator random,
            Metrics metrics,
            Time time) {
        this.server = new Loopback(handler);
        this.others = new RemoteChecks(aggregator, server, new RemoteQuestions(random), metrics, time);
        this.registry = registry;
        this.cache = caches.cache("apiregistration.k8s.io/apiservices");
        this.pki = pki;
        this.time = time;
    }

    void run() throws InterruptedException {
        boolean announced = false;
        List<GroupVersion> registered = List.of();
        var cursor = cache.follow();
        while (!Thread.currentThread().isInterrupted()) {
            try {
                announced = announced || announce();
                boolean changed = cursor.isBehind();
                cursor = drained(cursor);
                var served = registry.groupVersions();
                if (changed || !served.equals(registered)) {
                    register(served);
                    registered = served;
                }
                others.begin();
            } catch (IOException refused) {
                registered = List.of(); // again in the next round
                log.warn("api services cannot be kept", "why", refused.getMessage());
            }
            cursor.await(PERIOD.toNanos());
        }
    }

    private Cursor drained(Cursor cursor) {
        try {
            while (cursor.poll().isPresent()) {
                continue;
            }
            return cursor;
        } catch (Cursor.FellBehindException forgotten) {
            cursor.close();
            return cache.follow();
        }
    }

    /// Tells other servers whom to believe. Source: "Configure the Aggregation Layer".
    private boolean announce() throws IOException, InterruptedException {
        String collection = "/api/v1/namespaces/kube-system/configmaps";
        var wanted = Documents.object().put("apiVersion", "v1").put("kind", "ConfigMap");
        wanted.putObject("metadata").put("name", "extension-apiserver-authentication");
        wanted.putObject("data")
                .put("client-ca-file", Pem.encode(pki.roots().certificates()))
                .put("requestheader-allowed-names", "[\"front-proxy-client\"]")
                .put("requestheader-client-ca-file", pki.frontProxyAuthority().certificatePem())
                .put("requestheader-extra-headers-prefix", "[\"X-Remote-Extra-\"]")
                .put("requestheader-group-headers", "[\"X-Remote-Group\"]")
                .put("requestheader-username-headers", "[\"X-Remote-User\"]");
        String path = collection + "/extension-apiserver-authentication";
        var found = server.call("GET", path, "");
        if (found.status() == 404) {
            found = server.call("POST", collection, Documents.text(wanted));
        } else if (found.status() < 300 && !found.document().path("data").equals(wanted.path("data"))) {
            var renewed = found.document();
            renewed.set("data", wanted.path("data"));
            found = server.call("PUT", path, Documents.text(renewed));
        }
        return found.status() < 300;
    }

    /// Makes the objects of what is served here, removes those of what no longer is.
    private void register(List<GroupVersion> served) throws IOException, InterruptedException {
        var present = new HashMap<String, JsonNode>();
        var list = server.call("GET", SERVICES, "");
        list.document()
                .path("items")
                .forEach(item -> present.put(item.path("metadata").path("name").asText(), item));
        var wanted = new HashSet<String>();
        var missing = new ArrayList<ObjectNode>();
        for (var version : served) {
            if (LocalServices.isRegistered(version)) {
                String name = LocalServices.name(version);
                wanted.add(name);
                if (!present.containsKey(name)) {
                    missing.add(LocalServices.document(version));
                }
            }
        }
        together(missing.stream()
                .<Life.Task>map(document -> () -> server.call("POST", SERVICES, Documents.text(document)))
                .toList());
        for (var item : present.entrySet()) {
            boolean ours = item.getValue().path("metadata").path("labels").has(LocalServices.AUTOMANAGED);
            if (ours && !wanted.contains(item.getKey())) {
                server.call("DELETE", SERVICES + "/" + item.getKey(), "");
            }
        }
        say(present);
    }

    private void say(Map<String, JsonNode> present) throws InterruptedException {
        var changes = new ArrayList<Life.Task>();
        for (var item : present.values()) {
            if (!item.path("spec").path("service").isObject()) {
                Availability.LOCAL
                        .in((ObjectNode) item, time.instant())
                        .ifPresent(changed -> changes.add(() -> Availability.put(changed, server)));
            }
        }
        together(changes);
    }

    /// Many at once share the store's batches.
    private static void together(List<Life.Task> tasks) throws InterruptedException {
        if (tasks.isEmpty()) {
            return;
        }
        try (var life = new Life("api-services")) {
            var threads = new ArrayList<Thread>();
            for (var task : tasks) {
                threads.add(life.start("write", task));
            }
            for (var thread : threads) {
                thread.join();
            }
        }
    }

    @Override
    public void close() {
        others.close();
        server.close();
    }
}
