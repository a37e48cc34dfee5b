package dev.kapal.apiserver.aggregation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.Loopback;
import dev.kapal.apiserver.cache.Cursor;
import dev.kapal.apiserver.cache.WatchCache;
import dev.kapal.apiserver.cache.WatchCaches;
import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import dev.kapal.http.Handler;
import dev.kapal.http.Headers;
import dev.kapal.model.GroupVersion;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.Documents;
import dev.kapal.pki.ClusterPki;
import dev.kapal.pki.Pem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Keeps APIService objects true: those of what is served here exist, and each says whether it is available. Other
/// servers are asked when something about them changed, when they could not be reached, and every half minute; each by
/// a thread of its own, so that one that hangs holds up nobody. One thread otherwise.
final class AggregationKeeper implements AutoCloseable {
    private static final Log log = Log.of(AggregationKeeper.class);
    private static final Duration PERIOD = Duration.ofSeconds(3);
    private static final Duration RECHECK = Duration.ofSeconds(30);
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int MOST_BYTES = 8 * 1024 * 1024;
    private static final String SERVICES = "/apis/apiregistration.k8s.io/v1/apiservices";

    private final Aggregator aggregator;
    private final Loopback server;
    private final ResourceRegistry registry;
    private final WatchCache cache;
    private final ClusterPki pki;
    private final RandomGenerator random;
    private final Time time;
    /// When each was asked last, and where.
    private final Map<RemoteApi, Asked> asked = new HashMap<>();

    private record Asked(long nanos, List<Availability.Address> addresses) {}

    AggregationKeeper(
            Aggregator aggregator,
            Handler handler,
            ResourceRegistry registry,
            WatchCaches caches,
            ClusterPki pki,
            RandomGenerator random,
            Time time) {
        this.aggregator = aggregator;
        this.server = new Loopback(handler);
        this.registry = registry;
        this.cache = caches.cache("apiregistration.k8s.io/apiservices");
        this.pki = pki;
        this.random = random;
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
                check();
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
                        .ifPresent(changed -> changes.add(() -> put(changed)));
            }
        }
        together(changes);
    }

    private void put(ObjectNode changed) throws IOException, InterruptedException {
        changed.put("apiVersion", "apiregistration.k8s.io/v1").put("kind", "APIService");
        String name = changed.path("metadata").path("name").asText();
        server.call("PUT", SERVICES + "/" + name + "/status", Documents.text(changed));
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

    private void check() throws InterruptedException {
        var all = aggregator.all();
        asked.keySet().retainAll(all);
        together(all.stream().<Life.Task>map(api -> () -> check(api)).toList());
    }

    private void check(RemoteApi api) throws IOException, InterruptedException {
        var service = api.service().service().orElseThrow();
        var found = find(service);
        if (found.problem().isPresent()) {
            conclude(
                    api,
                    new RemoteApi.Knowledge(
                            found.problem().get(),
                            List.of(),
                            api.knowledge().resources(),
                            api.knowledge().openApi()));
            return;
        }
        long now = time.nanos();
        Asked before;
        synchronized (asked) {
            before = asked.get(api);
        }
        boolean fresh = before != null
                && before.addresses().equals(found.addresses())
                && api.isAvailable()
                && now - before.nanos() < RECHECK.toNanos();
        if (fresh) {
            return;
        }
        synchronized (asked) {
            asked.put(api, new Asked(now, found.addresses()));
        }
        conclude(api, ask(api, found.addresses()));
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
        api.learn(knowledge);
        var stored = server.call("GET", SERVICES + "/" + api.service().name(), "");
        if (stored.status() != 200) {
            return;
        }
        var changed = knowledge.availability().in(stored.document(), time.instant());
        if (changed.isPresent()) {
            log.info(
                    "api service availability changed",
                    "service",
                    api.service().name(),
                    "available",
                    knowledge.availability().available(),
                    "reason",
                    knowledge.availability().reason());
            put(changed.get());
        }
    }

    /// Asks for its resources, which also shows whether it is there.
    private RemoteApi.Knowledge ask(RemoteApi api, List<Availability.Address> addresses) {
        var known = api.knowledge();
        String path = api.service().groupVersion().path();
        String shown = "https://" + addresses.getFirst().host() + ":"
                + addresses.getFirst().port() + path;
        try {
            var answer = get(api, addresses, path);
            if (answer.status() < 200 || answer.status() >= 300) {
                return new RemoteApi.Knowledge(
                        Availability.failedDiscovery("failing or missing response from " + shown + ": bad status from "
                                + shown + ": " + answer.status()),
                        addresses,
                        known.resources(),
                        known.openApi());
            }
            return new RemoteApi.Knowledge(Availability.PASSED, addresses, answer.document(), openApi(api, addresses));
        } catch (IOException | RuntimeException unreachable) {
            return new RemoteApi.Knowledge(
                    Availability.failedDiscovery(
                            "failing or missing response from " + shown + ": " + unreachable.getMessage()),
                    addresses,
                    known.resources(),
                    known.openApi());
        }
    }

    /// Its own entry for the group version in its index; a server without OpenAPI v3 is as good as others.
    private ObjectNode openApi(RemoteApi api, List<Availability.Address> addresses) {
        try {
            var index = get(api, addresses, "/openapi/v3");
            var entry = index.document()
                    .path("paths")
                    .path(api.service().groupVersion().path().substring(1));
            return entry instanceof ObjectNode object ? object : Documents.object();
        } catch (IOException | RuntimeException none) {
            return Documents.object();
        }
    }

    private record Answer(int status, ObjectNode document) {}

    private Answer get(RemoteApi api, List<Availability.Address> addresses, String path) throws IOException {
        var opened = api.connect(addresses, LIMIT, random);
        try (var connection = opened.connection()) {
            connection.giveUpAfter(LIMIT);
            var headers = Headers.builder()
                    .add("Host", opened.target().authority())
                    .add("Accept", "application/json")
                    .add("Connection", "close")
                    .add("X-Remote-User", "system:kube-aggregator")
                    .add("X-Remote-Group", "system:masters")
                    .build();
            var answer = connection.send("GET", path, headers, new ByteArrayInputStream(new byte[0]), 0);
            byte[] body = answer.body().readNBytes(MOST_BYTES);
            return new Answer(answer.status(), document(body));
        }
    }

    private static ObjectNode document(byte[] body) {
        try {
            return DocumentDecoder.value(body) instanceof ObjectNode object ? object : Documents.object();
        } catch (DecodeException nonsense) {
            return Documents.object();
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
