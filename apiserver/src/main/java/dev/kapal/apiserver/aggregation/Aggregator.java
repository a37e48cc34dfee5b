package dev.kapal.apiserver.aggregation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.User;
import dev.kapal.apiserver.cache.Followed;
import dev.kapal.apiserver.cache.WatchCaches;
import dev.kapal.apiserver.discovery.MoreVersion;
import dev.kapal.apiserver.discovery.Priority;
import dev.kapal.apiserver.proxy.Passage;
import dev.kapal.base.life.Life;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.http.Handler;
import dev.kapal.http.Headers;
import dev.kapal.http.Response;
import dev.kapal.model.GroupVersion;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.pki.ClusterPki;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/// Passes requests for groups of other servers on to them, and knows what those serve. Any thread: who asks first after
/// an APIService changed takes that over.
public final class Aggregator implements AutoCloseable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    private static final String OPEN_API = "/openapi/v3";

    private final RandomGenerator random;
    private final Credentials credentials;
    /// Guards the drain.
    private final ReentrantLock lock = new ReentrantLock();

    private final Followed source;
    /// Only those with a service; by group and version.
    private final Map<GroupVersion, RemoteApi> remote = new ConcurrentHashMap<>();
    private final Map<String, GroupVersion> names = new ConcurrentHashMap<>();
    private final Life life = new Life("aggregator");

    public Aggregator(WatchCaches caches, ClusterPki pki, RandomGenerator random) {
        this.random = random;
        this.credentials = new Credentials(pki);
        this.source = new Followed(caches.cache("apiregistration.k8s.io/apiservices"), this::change);
    }

    private void change(String key, Optional<ObjectNode> document) {
        var before = names.remove(key);
        var service = document.map(ApiService::of).filter(one -> one.service().isPresent());
        if (service.isEmpty()) {
            if (before != null) {
                remote.remove(before);
            }
            return;
        }
        var version = service.get().groupVersion();
        names.put(key, version);
        var known = remote.get(version);
        if (known == null || !known.service().equals(service.get())) {
            remote.put(version, new RemoteApi(service.get(), credentials.to(service.get())));
        }
    }

    private void refresh() {
        if (!source.isBehind()) {
            return;
        }
        lock.lock();
        try {
            source.drain();
        } finally {
            lock.unlock();
        }
    }

    /// Begins to ask the other servers whether they are there, until `life` ends.
    public void keep(
            Handler handler,
            ResourceRegistry registry,
            WatchCaches caches,
            ClusterPki pki,
            Life owner,
            Metrics metrics,
            Time time) {
        var keeper = owner.own(new AggregationKeeper(this, handler, registry, caches, pki, random, metrics, time));
        owner.start("aggregation", keeper::run);
    }

    List<RemoteApi> all() {
        refresh();
        return List.copyOf(remote.values());
    }

    /// For discovery.
    public List<MoreVersion> versions() {
        return all().stream().map(RemoteApi::version).toList();
    }

    /// The entries that other servers have in the index of OpenAPI v3, by their keys (`apis/GROUP/VERSION`).
    public Map<String, ObjectNode> openApiIndex() {
        var index = new ConcurrentHashMap<String, ObjectNode>();
        for (var api : all()) {
            if (api.isAvailable() && !api.knowledge().openApi().isEmpty()) {
                index.put(
                        api.service().groupVersion().path().substring(1),
                        api.knowledge().openApi());
            }
        }
        return index;
    }

    /// What other servers' OpenAPI v2 says of their group versions, the most important first. One that cannot be
    /// reached
    /// is there with what it last told.
    public List<ObjectNode> openApiV2() {
        return all().stream()
                .filter(api -> api.knowledge().openApiV2() != RemoteApi.OpenApiV2.NONE)
                .sorted(Comparator.comparing((RemoteApi api) -> api.service().priority(), Priority.ORDER)
                        .thenComparing(api -> api.service().name()))
                .map(api -> api.knowledge().openApiV2().part())
                .toList();
    }

    /// Whether another server serves this group version.
    public boolean serves(GroupVersion version) {
        refresh();
        return remote.containsKey(version);
    }

    /// Whether another server answers this path that names no resource: its own discovery, its OpenAPI.
    public boolean serves(String path) {
        return versionOf(path).filter(this::serves).isPresent();
    }

    private static Optional<GroupVersion> versionOf(String path) {
        String rest = path.startsWith(OPEN_API) ? path.substring(OPEN_API.length()) : path;
        String[] parts = rest.split("/", -1);
        boolean fits = parts.length >= 4 && parts[1].equals("apis") && (parts.length == 4 || parts[4].isEmpty());
        return fits ? Optional.of(new GroupVersion(parts[2], parts[3])) : Optional.empty();
    }

    /// Passes the request on. What goes wrong is said in plain text, as upstream says it.
    public void handle(Call call) throws IOException {
        var info = call.info();
        var version = info.isResource()
                ? new GroupVersion(info.group(), info.version())
                : versionOf(info.path()).orElseThrow();
        var api = remote.get(version);
        if (api == null || !api.isAvailable()) {
            refuse(call, "service unavailable");
            return;
        }
        RemoteApi.Opened opened;
        try {
            opened = api.connect(api.knowledge().addresses(), CONNECT_LIMIT, random);
        } catch (IOException unreachable) {
            refuse(call, "error trying to reach service: " + unreachable.getMessage());
            return;
        }
        try (var connection = opened.connection()) {
            connection.waitForever(); // watches are silent for long; the request has its own deadline
            Passage.whole(call, opened.target(), headers -> named(headers, call.user()), life)
                    .run(connection);
        } catch (ApiException broken) {
            refuse(call, broken.status().message());
        }
    }

    private static void refuse(Call call, String why) throws IOException {
        var headers = Headers.of("Content-Type", "text/plain; charset=utf-8", "X-Content-Type-Options", "nosniff");
        call.exchange().respond(new Response(503, headers, List.of((why + "\n").getBytes(StandardCharsets.UTF_8))));
    }

    /// Says who asks; the other server believes it because of our certificate. What the client said of itself under
    /// these names is gone already.
    private static Headers named(Headers headers, User user) {
        var named = headers.toBuilder().set("X-Remote-User", user.name());
        if (!user.uid().isEmpty()) {
            named.set("X-Remote-Uid", user.uid());
        }
        user.groups().forEach(group -> named.add("X-Remote-Group", group));
        user.extra()
                .forEach((key, values) ->
                        values.forEach(value -> named.add("X-Remote-Extra-" + ExtraKey.encoded(key), value)));
        return named.build();
    }

    /// What is still connected is broken off.
    @Override
    public void close() {
        life.close();
    }
}
