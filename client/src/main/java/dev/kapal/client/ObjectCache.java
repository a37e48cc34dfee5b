package dev.kapal.client;

import dev.kapal.base.log.Log;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

/// The cache that a [Reflector] fills. Reads take no lock; writes come from the one reflector.
final class ObjectCache<T> implements Cache<T> {
    private static final Log log = Log.of(ObjectCache.class);
    private static final String NAMESPACE = "namespace";

    private final String what;
    private final Function<? super T, Key> keyOf;
    private final Function<? super T, String> namespaceOf;
    private final Map<Key, T> objects = new ConcurrentHashMap<>();
    private final Map<String, Index<T>> indexes = new ConcurrentHashMap<>();
    private final List<Consumer<? super Change<T>>> listeners = new CopyOnWriteArrayList<>();
    private final CountDownLatch synced = new CountDownLatch(1);
    /// Guards writes, so that a new listener or index sees each change exactly once. Listeners run under it.
    private final ReentrantLock writing = new ReentrantLock();

    private volatile long revision;

    ObjectCache(String what, Function<? super T, Key> keyOf) {
        this.what = what;
        this.keyOf = keyOf;
        this.namespaceOf = object -> keyOf.apply(object).namespace();
        index(NAMESPACE, object -> List.of(namespaceOf.apply(object)));
    }

    @Override
    public Optional<T> find(Key key) {
        return Optional.ofNullable(objects.get(key));
    }

    @Override
    public List<T> all() {
        return new ArrayList<>(objects.values());
    }

    @Override
    public List<T> list(String namespace) {
        return byIndex(NAMESPACE, namespace);
    }

    @Override
    public List<T> byIndex(String index, String value) {
        var wanted = indexes.get(index);
        if (wanted == null) {
            throw new IllegalArgumentException("the cache of " + what + " has no index " + index);
        }
        return wanted.find(value);
    }

    @Override
    public Cache<T> index(String name, Function<? super T, ? extends Collection<String>> values) {
        writing.lock();
        try {
            if (!indexes.containsKey(name)) {
                var index = new Index<T>(values);
                objects.forEach((key, object) -> index.move(key, null, object));
                indexes.put(name, index);
            }
        } finally {
            writing.unlock();
        }
        return this;
    }

    @Override
    public AutoCloseable onChange(Consumer<? super Change<T>> listener) {
        writing.lock();
        try {
            objects.values().forEach(object -> tell(listener, new Change.Added<>(object)));
            listeners.add(listener);
        } finally {
            writing.unlock();
        }
        return () -> listeners.remove(listener);
    }

    @Override
    public long revision() {
        return revision;
    }

    @Override
    public boolean isSynced() {
        return synced.getCount() == 0;
    }

    @Override
    public void awaitSync() throws InterruptedException {
        synced.await();
    }

    /// Makes the cache equal to a fresh list, telling the differences.
    void replace(List<T> items, long at) {
        writing.lock();
        try {
            var gone = new HashMap<>(objects);
            for (T item : items) {
                gone.remove(keyOf.apply(item));
            }
            revision = Math.max(revision, at);
            items.forEach(this::put);
            gone.keySet().forEach(this::drop);
        } finally {
            writing.unlock();
        }
        synced.countDown();
    }

    void upsert(T object, long at) {
        writing.lock();
        try {
            revision = Math.max(revision, at);
            put(object);
        } finally {
            writing.unlock();
        }
    }

    void remove(T last, long at) {
        writing.lock();
        try {
            revision = Math.max(revision, at);
            drop(keyOf.apply(last));
        } finally {
            writing.unlock();
        }
    }

    void progress(long at) {
        revision = Math.max(revision, at);
    }

    int size() {
        return objects.size();
    }

    private void put(T now) {
        Key key = keyOf.apply(now);
        T before = objects.put(key, now);
        indexes.values().forEach(index -> index.move(key, before, now));
        tellAll(before == null ? new Change.Added<>(now) : new Change.Updated<>(before, now));
    }

    private void drop(Key key) {
        T before = objects.remove(key);
        if (before != null) {
            indexes.values().forEach(index -> index.move(key, before, null));
            tellAll(new Change.Deleted<>(before));
        }
    }

    private void tellAll(Change<T> change) {
        listeners.forEach(listener -> tell(listener, change));
    }

    private void tell(Consumer<? super Change<T>> listener, Change<T> change) {
        try {
            listener.accept(change);
        } catch (RuntimeException failure) {
            // One listener's fault must not stop the watch that all share.
            log.error("listener failed", failure, "cache", what);
        }
    }

    /// value → the objects filed under it.
    private static final class Index<T> {
        private final Function<? super T, ? extends Collection<String>> valuesOf;
        private final Map<String, Map<Key, T>> shelves = new ConcurrentHashMap<>();

        Index(Function<? super T, ? extends Collection<String>> valuesOf) {
            this.valuesOf = valuesOf;
        }

        List<T> find(String value) {
            var shelf = shelves.get(value);
            return shelf == null ? List.of() : new ArrayList<>(shelf.values());
        }

        void move(Key key, T before, T now) {
            Collection<String> to = now == null ? List.of() : valuesOf.apply(now);
            if (before != null) {
                for (String value : valuesOf.apply(before)) {
                    if (!to.contains(value)) {
                        shelves.computeIfPresent(value, (v, shelf) -> {
                            shelf.remove(key);
                            return shelf.isEmpty() ? null : shelf;
                        });
                    }
                }
            }
            for (String value : to) {
                shelves.compute(value, (v, shelf) -> {
                    var kept = shelf == null ? new ConcurrentHashMap<Key, T>(2) : shelf;
                    kept.put(key, now);
                    return kept;
                });
            }
        }
    }
}
