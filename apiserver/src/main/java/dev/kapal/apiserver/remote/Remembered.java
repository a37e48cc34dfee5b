package dev.kapal.apiserver.remote;

import dev.kapal.base.time.Time;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Answers of a server, each for a while; when there are too many, the least used goes. Any thread.
public final class Remembered<K, V> {
    private static final int BOUND = 8192;

    private final Time time;
    /// Guarded by itself.
    private final Map<K, Kept<V>> entries = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<K, Kept<V>> eldest) {
            return size() > BOUND;
        }
    };

    private record Kept<V>(V value, long until) {}

    public Remembered(Time time) {
        this.time = time;
    }

    public Optional<V> find(K key) {
        synchronized (entries) {
            var entry = entries.get(key);
            if (entry == null) {
                return Optional.empty();
            }
            if (time.nanos() - entry.until() >= 0) {
                entries.remove(key);
                return Optional.empty();
            }
            return Optional.of(entry.value());
        }
    }

    /// @param ttl zero remembers nothing
    public void put(K key, V value, Duration ttl) {
        if (ttl.isPositive()) {
            synchronized (entries) {
                entries.put(key, new Kept<>(value, time.nanos() + ttl.toNanos()));
            }
        }
    }
}
