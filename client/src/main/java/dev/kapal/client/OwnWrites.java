package dev.kapal.client;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Remembers what a reconciler wrote for each of its keys until the cache it reads shows it, so that it never
/// acts twice on a cache that lags behind its own writes. Any thread; one key is worked on by one worker.
///
/// A creation or update is seen once the cache has passed its resourceVersion; a deletion once the object is gone or
/// terminating there. Nothing is counted, so nothing can be miscounted.
public final class OwnWrites<T extends HasMetadata> {
    private final Cache<T> cache;
    private final Map<Key, Pending> pending = new ConcurrentHashMap<>();

    public OwnWrites(Cache<T> cache) {
        this.cache = cache;
    }

    /// What one key waits to see: everything up to `revision`, and these objects (key and uid) go.
    private record Pending(long revision, Map<Key, String> leaving) {}

    /// Whether the cache shows all that was written for `key`.
    public boolean seen(Key key) {
        var waiting = pending.get(key);
        if (waiting == null) {
            return true;
        }
        waiting.leaving().entrySet().removeIf(entry -> isLeaving(entry.getKey(), entry.getValue()));
        if (cache.revision() < waiting.revision() || !waiting.leaving().isEmpty()) {
            return false;
        }
        pending.remove(key);
        return true;
    }

    /// The server answered a create or an update with `stored`.
    public void wrote(Key key, T stored) {
        long revision = Source.revision(stored.getMetadata().getResourceVersion());
        pending.merge(
                key,
                new Pending(revision, new ConcurrentHashMap<>()),
                (one, two) -> new Pending(Math.max(one.revision(), two.revision()), one.leaving()));
    }

    /// The server accepted the deletion of `object`.
    public void deleted(Key key, T object) {
        pending.computeIfAbsent(key, k -> new Pending(0, new ConcurrentHashMap<>()))
                .leaving()
                .put(Key.of(object), object.getMetadata().getUid());
    }

    /// The key's object is gone for good.
    public void forget(Key key) {
        pending.remove(key);
    }

    Set<Key> waiting() {
        return pending.keySet();
    }

    private boolean isLeaving(Key key, String uid) {
        var there = cache.find(key);
        return there.isEmpty()
                || !there.get().getMetadata().getUid().equals(uid)
                || there.get().getMetadata().getDeletionTimestamp() != null;
    }
}
