package dev.kapal.apiserver.cache;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Keeps something of the reader's own in step with one resource, without a thread: whoever asks looks first whether
/// there is news ([#isBehind()], any thread), and takes it over under a lock of his own ([#drain()]).
public final class Followed {
    private final WatchCache cache;
    private final Change change;
    private final Set<String> known = new HashSet<>();
    /// Null before the first [#drain()].
    private volatile Cursor cursor;

    public Followed(WatchCache cache, Change change) {
        this.cache = cache;
        this.change = change;
    }

    /// Takes over the newest state of one object.
    @FunctionalInterface
    public interface Change {
        /// @param key `namespace/name`, with `_` for what has no namespace
        /// @param document empty when the object is gone
        void apply(String key, Optional<ObjectNode> document);
    }

    public boolean isBehind() {
        var current = cursor;
        return current == null || current.isBehind();
    }

    /// Applies what changed since the last call; the first call applies everything. One thread at a time.
    public void drain() {
        if (cursor == null) {
            reload();
        }
        try {
            for (var event = cursor.poll(); event.isPresent(); event = cursor.poll()) {
                apply(event.get());
            }
        } catch (Cursor.FellBehindException forgotten) {
            cursor.close();
            reload();
        }
    }

    private void apply(CacheEvent event) {
        String key = event.object().key();
        if (event.type() == CacheEvent.Type.DELETED) {
            known.remove(key);
            change.apply(key, Optional.empty());
        } else {
            known.add(key);
            change.apply(key, Optional.of(event.object().document()));
        }
    }

    private void reload() {
        var fresh = cache.follow();
        var before = new HashSet<>(known);
        known.clear();
        fresh.initial().visit("", "", object -> load(object, before));
        before.forEach(key -> change.apply(key, Optional.empty()));
        cursor = fresh;
    }

    private boolean load(CachedObject object, Set<String> before) {
        known.add(object.key());
        before.remove(object.key());
        change.apply(object.key(), Optional.of(object.document()));
        return true;
    }
}
