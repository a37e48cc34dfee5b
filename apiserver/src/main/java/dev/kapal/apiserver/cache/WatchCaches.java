package dev.kapal.apiserver.cache;

import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.store.Range;
import dev.kapal.store.Store;
import dev.kapal.store.StoreClosedException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The caches of all resources. One thread follows the whole store (other keys than the API's, too: they have revisions
/// as well) and feeds them all, so one number says how fresh every cache is, and an idle resource is as fresh as a busy
/// one.
///
/// Keys in the store are `/registry/<group or core>/<plural>/<namespace or _>/<name>`.
public final class WatchCaches implements AutoCloseable {
    /// Where the API's objects lie in the store.
    public static final String ROOT = "/registry/";

    private static final Log log = Log.of(WatchCaches.class);
    private static final int PAGE = 1000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /// How long a read waits for a revision.
    private static final Duration FRESHNESS_LIMIT = Duration.ofSeconds(3);

    private final Store store;
    private final Time time;
    private final Progress progress = new Progress();
    private final Map<String, WatchCache> caches = new ConcurrentHashMap<>();
    private final Life life = new Life("watch-cache");
    /// The revision of the latest full load: what is older is not known to any cache.
    private volatile long loaded;
    /// When a cache was last let go.
    private volatile long forgotten;

    private WatchCaches(Store store, Time time) {
        this.store = store;
        this.time = time;
    }

    /// Loads everything, then follows the store until closed.
    public static WatchCaches start(Store store, Time time, Metrics metrics) {
        var caches = new WatchCaches(store, time);
        caches.load();
        caches.life.start("feed", caches::follow);
        metrics.gauge(
                        "kapal_apiserver_watch_cache_lag_revisions",
                        "Store revisions that the watch cache has yet to see.")
                .read(() -> Math.max(0, store.revision() - caches.progress.revision()));
        return caches;
    }

    /// The cache of one resource.
    ///
    /// @param resource `core/pods`, `apps/deployments`
    public WatchCache cache(String resource) {
        return caches.computeIfAbsent(resource, name -> new WatchCache(progress, Math.max(loaded, forgotten)));
    }

    /// Lets the cache of a resource go that is served no more, if it has no objects. Whoever asks for it again gets one
    /// that knows of nothing before now.
    public void forget(String resource) {
        var cache = caches.get(resource);
        if (cache != null && cache.snapshot().objects().size() == 0) {
            forgotten = progress.revision();
            caches.remove(resource, cache);
        }
    }

    /// Blocks until the caches show everything up to `revision`; answers whether they do within some seconds.
    public boolean awaitFresh(long revision) throws InterruptedException {
        return progress.await(revision, FRESHNESS_LIMIT);
    }

    /// Blocks until the caches show every write that was acknowledged before this call.
    public boolean awaitNewest() throws InterruptedException {
        return awaitFresh(store.revision());
    }

    /// The revision that all caches have reached.
    public long reached() {
        return progress.revision();
    }

    @Override
    public void close() {
        life.close();
    }

    private void follow() throws InterruptedException {
        while (true) {
            try (var watch = store.watch("", progress.revision())) {
                while (feed(watch.next(PATIENCE))) {
                    continue;
                }
            } catch (StoreClosedException ended) {
                return;
            }
            log.warn("the store forgot events before the watch cache saw them, loading anew");
            load();
        }
    }

    /// Answers false when events were lost.
    private boolean feed(Store.Batch batch) {
        switch (batch) {
            case Store.Batch.Events(var events) -> {
                Set<WatchCache> touched = new LinkedHashSet<>(4);
                for (var event : events) {
                    if (event.key().startsWith(ROOT)) {
                        touched.add(apply(event));
                    }
                }
                progress.moveTo(events.getLast().revision());
                touched.forEach(WatchCache::wake);
            }
            case Store.Batch.Progress(long revision) -> progress.moveTo(Math.max(revision, progress.revision()));
            case Store.Batch.Compacted(long revision) -> {
                return false;
            }
        }
        return true;
    }

    private WatchCache apply(Store.Event event) {
        int split = split(event.key());
        var cache = cache(event.key().substring(ROOT.length(), split));
        var key = event.key().substring(split + 1);
        if (event.value().isPresent()) {
            cache.put(key, event.revision(), event.value().get(), time.nanos());
        } else {
            cache.remove(key, event.revision(), time.nanos());
        }
        return cache;
    }

    private void load() {
        var trees = new HashMap<String, SortedTree<CachedObject>>();
        long revision = 0;
        var rest = Range.prefix(ROOT);
        while (true) {
            var read = store.range(rest, revision, PAGE);
            if (!(read instanceof Store.Read.Page page)) {
                trees.clear(); // compacted while it was read: begin again
                revision = 0;
                rest = Range.prefix(ROOT);
                continue;
            }
            revision = page.revision();
            page.entries().forEach(entry -> load(entry, trees));
            if (!page.more()) {
                break;
            }
            rest = rest.after(page.entries().getLast().key());
        }
        publish(trees, revision);
    }

    private void load(Store.Entry entry, Map<String, SortedTree<CachedObject>> trees) {
        int split = split(entry.key());
        var resource = entry.key().substring(ROOT.length(), split);
        var key = entry.key().substring(split + 1);
        var object = CachedObject.ofStored(
                key, entry.modRevision(), entry.value(), cache(resource).fields());
        trees.merge(
                resource, SortedTree.<CachedObject>empty().with(key, object), (tree, one) -> tree.with(key, object));
    }

    private void publish(Map<String, SortedTree<CachedObject>> trees, long revision) {
        loaded = revision;
        trees.keySet().forEach(this::cache);
        caches.forEach((resource, cache) -> cache.reset(trees.getOrDefault(resource, SortedTree.empty()), revision));
        progress.moveTo(revision);
    }

    /// The offset of the slash after the resource.
    private static int split(String key) {
        return key.indexOf('/', key.indexOf('/', ROOT.length()) + 1);
    }
}
