package dev.kapal.client;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// One source of keys for a reconciler: a cache, and which keys a change in it concerns.
public final class Wake {
    private final Subscription subscription;
    private final Synced source;

    private Wake(Subscription subscription, Synced source) {
        this.subscription = subscription;
        this.source = source;
    }

    private interface Subscription {
        AutoCloseable open(Consumer<Key> queue);
    }

    private interface Synced {
        void await() throws InterruptedException;
    }

    /// The general form: `keys` sees each change and names the keys it concerns; it must be quick.
    public static <T> Wake on(Cache<T> cache, Function<? super Change<T>, ? extends Collection<Key>> keys) {
        return new Wake(queue -> cache.onChange(change -> keys.apply(change).forEach(queue)), cache::awaitSync);
    }

    /// Each change of an object wakes its own key.
    public static <T extends HasMetadata> Wake own(Cache<T> cache) {
        return on(cache, change -> List.of(Key.of(change.latest())));
    }

    /// Each change of an object wakes its controller, when that is of `ownerKind`; an owner that lost it is woken too.
    public static <T extends HasMetadata> Wake controllerOf(Cache<T> cache, String ownerKind) {
        return on(cache, change -> {
            var keys = new LinkedHashSet<Key>(2);
            if (change instanceof Change.Updated<T>(T before, T now)) {
                controller(before, ownerKind).ifPresent(keys::add);
            }
            controller(change.latest(), ownerKind).ifPresent(keys::add);
            return keys;
        });
    }

    private static Optional<Key> controller(HasMetadata object, String ownerKind) {
        return OwnerRefs.controller(object)
                .filter(owner -> owner.getKind().equals(ownerKind))
                .map(OwnerReference::getName)
                .map(name -> new Key(object.getMetadata().getNamespace(), name));
    }

    AutoCloseable open(Consumer<Key> queue) {
        return subscription.open(queue);
    }

    void awaitSync() throws InterruptedException {
        source.await();
    }
}
