package dev.kapal.controllers.resourcequota;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.base.life.Life;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.client.Api;
import dev.kapal.client.Cache;
import dev.kapal.client.Change;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.client.Outcome;
import dev.kapal.client.Reconciler;
import dev.kapal.client.ReconcilerRunner;
import dev.kapal.client.Source;
import dev.kapal.client.Wake;
import dev.kapal.controllers.workload.Refusals;
import dev.kapal.model.GroupResource;
import dev.kapal.model.quota.Amounts;
import dev.kapal.model.quota.Usage;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Keeps `status.hard` and `status.used` of each ResourceQuota. Admission adds what it lets in; what goes is noticed
/// here, and everything is counted anew now and then. Threads: the workers of its runner; a watch for each resource
/// that a quota counts, from the first such quota on.
///
/// Source: Kubernetes documentation, Resource Quotas.
public final class QuotaController implements Reconciler, AutoCloseable {
    /// As upstream: whatever was missed is right again after this.
    private static final Duration RESYNC = Duration.ofMinutes(5);
    /// As upstream looks for new resources.
    private static final Duration REDISCOVERY = Duration.ofSeconds(30);
    /// What admission has added belongs to an object that is about to be written. A smaller count is believed only
    /// when nothing was added for this long.
    private static final Duration CALM = Duration.ofSeconds(1);

    private static final GroupResource PODS = new GroupResource("", "pods");
    private static final String METADATA_LIST = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
    private static final String METADATA = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

    private final Informers informers;
    private final Api api;
    private final Time time;
    private final Cache<ResourceQuota> quotas;
    private final Catalog catalog;
    private final Counting counting;
    private final Life life = new Life("resourcequota");
    private final Set<GroupResource> watched = ConcurrentHashMap.newKeySet();
    /// When each quota was first seen in the version that it has.
    private final Map<Key, Seen> seen = new ConcurrentHashMap<>();

    private final ReconcilerRunner runner;

    private record Seen(String version, Instant since) {}

    /// An object of which only place and version matter.
    private record Counted(Key key, long revision) {}

    private QuotaController(Informers informers, Api api, int workers, Time time, Metrics metrics) {
        this.informers = informers;
        this.api = api;
        this.time = time;
        this.quotas = informers.of(ResourceQuota.class);
        this.catalog = new Catalog(api);
        this.counting = new Counting(api, catalog);
        this.runner = life.own(ReconcilerRunner.start("resourcequota_primary", this, workers, time, metrics));
    }

    public static QuotaController start(Informers informers, Api api, int workers, Time time, Metrics metrics) {
        return new QuotaController(informers, api, workers, time, metrics);
    }

    /// What quotas count wakes by itself, see [#watch].
    @Override
    public List<Wake> wakes() {
        return List.of(Wake.own(quotas));
    }

    @Override
    public Outcome reconcile(Key key) throws InterruptedException {
        var path = "/api/v1/namespaces/" + key.namespace() + "/resourcequotas/" + key.name();
        if (quotas.find(key).isEmpty()) {
            seen.remove(key);
            return Outcome.settled();
        }
        JsonNode quota;
        try {
            quota = api.get(path); // the newest: what is counted after it holds all that it has accounted for
        } catch (KubernetesClientException refusal) {
            if (Refusals.isNotFound(refusal)) {
                return Outcome.settled();
            }
            throw refusal;
        }
        var hard = Amounts.of(quota.path("spec").path("hard"));
        for (var resource : Counting.resources(hard)) {
            watch(resource);
        }
        var before = Amounts.of(quota.path("status").path("used"));
        var count = counting.count(key.namespace(), quota.path("spec"), hard, time.instant());
        var used = before.only(uncounted(hard, count)).plus(count.used());
        var later = count.missed().isEmpty()
                ? Outcome.again(RESYNC, "everything is counted anew now and then")
                : Outcome.again(REDISCOVERY, "what could not be counted may be served by now");
        boolean known = hard.isSame(Amounts.of(quota.path("status").path("hard")));
        if (known && used.isSame(before)) {
            return later;
        }
        var calm = calmIn(key, quota);
        if (known && gives(used, before) && !calm.isZero()) {
            return Outcome.again(calm, "what was just admitted may still be on its way");
        }
        write(path, (ObjectNode) quota, hard, used);
        return later;
    }

    /// The names whose usage stays as it is.
    private static Set<String> uncounted(Amounts hard, Counting.Count count) {
        var names = new HashSet<String>();
        count.missed()
                .forEach(resource ->
                        names.addAll(Usage.of(resource).counting(hard.values().keySet())));
        return names;
    }

    /// Whether anything is less than it was.
    private static boolean gives(Amounts used, Amounts before) {
        return !used.minus(before).negative().isEmpty();
    }

    private Duration calmIn(Key key, JsonNode quota) {
        var version = quota.path("metadata").path("resourceVersion").asText();
        var now = time.instant();
        var first = seen.compute(
                key, (k, known) -> known != null && known.version().equals(version) ? known : new Seen(version, now));
        var left = CALM.minus(Duration.between(first.since(), now));
        return left.isNegative() ? Duration.ZERO : left;
    }

    private void write(String path, ObjectNode quota, Amounts hard, Amounts used) throws InterruptedException {
        var status = quota.putObject("status");
        status.set("hard", hard.document());
        status.set("used", used.document());
        try {
            api.put(path + "/status", quota);
        } catch (KubernetesClientException refusal) {
            if (!Refusals.isNotFound(refusal)) {
                throw refusal;
            }
        }
    }

    /// Watches a resource from now on: what goes makes room.
    private void watch(GroupResource resource) throws InterruptedException {
        if (watched.contains(resource)) {
            return;
        }
        if (resource.equals(PODS)) {
            if (watched.add(resource)) {
                life.own(informers.of(Pod.class).onChange(this::onPod));
            }
            return;
        }
        var root = catalog.root(resource);
        if (root.isPresent() && watched.add(resource)) {
            var source = new Source<Counted>(
                    root.get() + "/" + resource.resource(),
                    "",
                    METADATA_LIST,
                    METADATA,
                    QuotaController::read,
                    Counted::key,
                    Counted::revision);
            life.own(informers.of(source).onChange(change -> {
                // an update may make a service or a claim cheaper
                if (!(change instanceof Change.Added<Counted>)) {
                    wake(change.latest().key().namespace());
                }
            }));
        }
    }

    private void onPod(Change<? extends HasMetadata> change) {
        boolean frees = switch (change) {
            case Change.Added<?> added -> false;
            case Change.Updated<?>(var before, var now) -> !Objects.equals(phase(before), phase(now));
            case Change.Deleted<?> deleted -> true;
        };
        if (frees) {
            wake(change.latest().getMetadata().getNamespace());
        }
    }

    private static String phase(Object pod) {
        return pod instanceof Pod known && known.getStatus() != null
                ? known.getStatus().getPhase()
                : null;
    }

    private void wake(String namespace) {
        var keys = new ArrayList<Key>();
        quotas.list(namespace).forEach(quota -> keys.add(Key.of(quota)));
        keys.forEach(runner::wake);
    }

    private static Counted read(JsonParser parser) throws IOException {
        Counted counted = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            if (field.equals("metadata")) {
                JsonNode metadata = parser.readValueAsTree();
                counted = new Counted(
                        new Key(
                                metadata.path("namespace").asText(),
                                metadata.path("name").asText()),
                        Source.revision(metadata.path("resourceVersion").asText()));
            } else {
                parser.skipChildren();
            }
        }
        if (counted == null) {
            throw new IOException("an object without metadata");
        }
        return counted;
    }

    @Override
    public void close() {
        life.close();
    }
}
