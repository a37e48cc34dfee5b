package dev.kapal.client;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The newest known state of each object: the cache's, or what the server answered to our own write while the
/// cache still lags behind it. Without it, a reconciler that writes the objects it reads runs into its own
/// conflicts. Any thread.
public final class Newest<T extends HasMetadata> {
    private final Cache<T> cache;
    private final Map<Key, T> written = new ConcurrentHashMap<>();

    public Newest(Cache<T> cache) {
        this.cache = cache;
    }

    public Optional<T> find(Key key) {
        var cached = cache.find(key);
        var own = written.get(key);
        if (own == null) {
            return cached;
        }
        if (cached.isPresent() && isNewer(own, cached.get())) {
            return Optional.of(own);
        }
        written.remove(key, own);
        return cached;
    }

    /// The server answered a write with `stored`.
    public T wrote(T stored) {
        written.put(Key.of(stored), stored);
        return stored;
    }

    private static boolean isNewer(HasMetadata one, HasMetadata other) {
        return one.getMetadata().getUid().equals(other.getMetadata().getUid())
                && Source.revision(one.getMetadata().getResourceVersion())
                        > Source.revision(other.getMetadata().getResourceVersion());
    }
}
