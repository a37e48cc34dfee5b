package dev.kapal.agent.volume;

import dev.kapal.base.time.Time;
import dev.kapal.client.Api;
import dev.kapal.client.Cache;
import dev.kapal.client.Key;
import dev.kapal.client.Kind;
import dev.kapal.client.Reflector;
import dev.kapal.client.Source;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArraySet;

/// References over the API server: one watch for each object that pods of this node name, shared between them and open
/// as
/// long as one of them is here. A node never watches more than what its pods may read. Any thread.
public final class ApiReferences implements WatchedReferences, AutoCloseable {
    private final Api api;
    private final Time time;
    /// Guarded by itself.
    private final Map<PodReferences.Reference, Watched<?>> watched = new HashMap<>();

    public ApiReferences(Api api, Time time) {
        this.api = api;
        this.time = time;
    }

    private record User(String uid, Runnable onChange) {}

    private record Watched<T extends HasMetadata>(Reflector<T> reflector, CopyOnWriteArraySet<User> users) {}

    @Override
    public Optional<ConfigMap> configMap(String namespace, String name) throws InterruptedException {
        return find(new PodReferences.Reference(false, namespace, name), ConfigMap.class);
    }

    @Override
    public Optional<Secret> secret(String namespace, String name) throws InterruptedException {
        return find(new PodReferences.Reference(true, namespace, name), Secret.class);
    }

    /// What the watch does not have (yet) is asked for: it may have been made a moment ago.
    @SuppressWarnings("unchecked") // the reference says which type the watch is of
    private <T extends HasMetadata> Optional<T> find(PodReferences.Reference reference, Class<T> type)
            throws InterruptedException {
        Watched<T> known;
        synchronized (watched) {
            known = (Watched<T>) watched.get(reference);
        }
        var key = new Key(reference.namespace(), reference.name());
        Optional<T> cached =
                known == null ? Optional.empty() : known.reflector().cache().find(key);
        return cached.isPresent() ? cached : api.fetch(type, key);
    }

    @Override
    public void follow(Pod pod, Runnable onChange) {
        var user = new User(pod.getMetadata().getUid(), onChange);
        synchronized (watched) {
            for (var reference : PodReferences.of(pod)) {
                watched.computeIfAbsent(
                                reference,
                                wanted ->
                                        wanted.secret() ? watch(wanted, Secret.class) : watch(wanted, ConfigMap.class))
                        .users()
                        .add(user);
            }
        }
    }

    private <T extends HasMetadata> Watched<T> watch(PodReferences.Reference reference, Class<T> type) {
        var all = Source.of(type);
        var one = new Source<>(
                        Kind.of(type).collection(reference.namespace()),
                        "",
                        all.listAccept(),
                        all.watchAccept(),
                        all.decoder(),
                        all.keyOf(),
                        all.revisionOf())
                .withFields("metadata.name=" + reference.name());
        var users = new CopyOnWriteArraySet<User>();
        var reflector = Reflector.start(api, one, time);
        Cache<T> cache = reflector.cache();
        cache.onChange(change -> users.forEach(user -> user.onChange().run()));
        return new Watched<>(reflector, users);
    }

    @Override
    public void forget(String uid) {
        var unused = new HashMap<PodReferences.Reference, Watched<?>>();
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
