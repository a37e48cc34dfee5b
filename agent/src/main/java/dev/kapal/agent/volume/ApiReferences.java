package dev.kapal.agent.volume;

import dev.kapal.agent.volume.PodReferences.Reference;
import dev.kapal.base.time.Time;
import dev.kapal.client.Api;
import dev.kapal.client.Cache;
import dev.kapal.client.Key;
import dev.kapal.client.Reflector;
import dev.kapal.client.Source;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.certificates.v1beta1.ClusterTrustBundle;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArraySet;

/// References over the API server: one watch for each object that pods of this node name, and one for trust bundles,
/// shared between them and open as long as one of them is here. A node never watches more than what its pods may read.
/// Any thread.
public final class ApiReferences implements WatchedReferences, AutoCloseable {
    private final Api api;
    private final Time time;
    /// Guarded by itself.
    private final Map<Reference<?>, Watched<?>> watched = new HashMap<>();

    public ApiReferences(Api api, Time time) {
        this.api = api;
        this.time = time;
    }

    private record User(String uid, Runnable onChange) {}

    private record Watched<T extends HasMetadata>(Reflector<T> reflector, CopyOnWriteArraySet<User> users) {}

    @Override
    public Optional<ConfigMap> configMap(String namespace, String name) throws InterruptedException {
        return find(new Reference<>(ConfigMap.class, namespace, name));
    }

    @Override
    public Optional<Secret> secret(String namespace, String name) throws InterruptedException {
        return find(new Reference<>(Secret.class, namespace, name));
    }

    @Override
    public List<ClusterTrustBundle> trustBundles() throws InterruptedException {
        var known = watched(PodReferences.TRUST_BUNDLES);
        if (known.isEmpty()) {
            return List.of();
        }
        known.get().awaitSync();
        return known.get().all();
    }

    /// What the watch does not have (yet) is asked for: it may have been made a moment ago.
    private <T extends HasMetadata> Optional<T> find(Reference<T> reference) throws InterruptedException {
        var key = new Key(reference.namespace(), reference.name());
        Optional<T> cached = watched(reference).flatMap(cache -> cache.find(key));
        return cached.isPresent() ? cached : api.fetch(reference.type(), key);
    }

    @SuppressWarnings("unchecked") // the reference says which type the watch is of
    private <T extends HasMetadata> Optional<Cache<T>> watched(Reference<T> reference) {
        synchronized (watched) {
            return Optional.ofNullable((Watched<T>) watched.get(reference))
                    .map(known -> known.reflector().cache());
        }
    }

    @Override
    public void follow(Pod pod, Runnable onChange) {
        var user = new User(pod.getMetadata().getUid(), onChange);
        synchronized (watched) {
            for (var reference : PodReferences.of(pod)) {
                watched.computeIfAbsent(reference, this::watch).users().add(user);
            }
        }
    }

    private <T extends HasMetadata> Watched<T> watch(Reference<T> reference) {
        var all = Source.of(reference.type());
        var users = new CopyOnWriteArraySet<User>();
        var reflector = Reflector.start(
                api,
                reference.name().isEmpty()
                        ? all
                        : all.in(reference.namespace()).withFields("metadata.name=" + reference.name()),
                time);
        Cache<T> cache = reflector.cache();
        cache.onChange(change -> users.forEach(user -> user.onChange().run()));
        return new Watched<>(reflector, users);
    }

    @Override
    public void forget(String uid) {
        var unused = new HashMap<Reference<?>, Watched<?>>();
        synchronized (watched) {
            watched.forEach((reference, entry) -> {
                boolean left = entry.users().removeIf(user -> user.uid().equals(uid));
                if (left && entry.users().isEmpty()) {
                    unused.put(reference, entry);
                }
            });
            watched.keySet().removeAll(unused.keySet());
        }
        unused.values().forEach(entry -> entry.reflector().close());
    }

    @Override
    public void close() {
        synchronized (watched) {
            watched.values().forEach(entry -> entry.reflector().close());
            watched.clear();
        }
    }
}
