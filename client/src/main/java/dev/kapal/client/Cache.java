package dev.kapal.client;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// All objects of one kind (or of one selection of it) as the API server told them, kept up to date by a watch.
/// Any thread. The objects are shared: treat them as frozen.
public interface Cache<T> {
    Optional<T> find(Key key);

    List<T> all();

    List<T> list(String namespace);

    /// The objects filed under `value` in an index made by [#index].
    List<T> byIndex(String index, String value);

    /// Files every object under the values the function names. Harmless to repeat under the same name.
    Cache<T> index(String name, Function<? super T, ? extends Collection<String>> values);

    /// Calls `listener` for each object there is (as `Added`), then for each change, in order, on the watch's thread:
    /// it must be quick and must not block. Close the result to stop.
    AutoCloseable onChange(Consumer<? super Change<T>> listener);

    /// The resourceVersion up to which every event is in the cache; 0 before the first list.
    long revision();

    boolean isSynced();

    /// Blocks until the first list is in.
    void awaitSync() throws InterruptedException;
}
