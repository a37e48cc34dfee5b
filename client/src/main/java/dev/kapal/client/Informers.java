package dev.kapal.client;

import dev.kapal.base.life.Life;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.HashMap;
import java.util.Map;

/// The caches of one process: one watch per kind (and selection), however many read it. Any thread.
///
/// A cache starts with the first question for it and lives until [#close].
public final class Informers implements AutoCloseable {
    private final Api api;
    private final Time time;
    private final Metrics.Gauge objects;
    private final Life life = new Life("informers");
    /// Guarded by itself.
    private final Map<String, Reflector<?>> reflectors = new HashMap<>();

    public Informers(KubernetesClient client, Time time, Metrics metrics) {
        this.api = new Api(client);
        this.time = time;
        this.objects = metrics.gauge("kapal_client_cached_objects", "Objects held by the informers.", "resource");
    }

    /// All objects of `type`.
    public <T extends HasMetadata> Cache<T> of(Class<T> type) {
        return of(Source.of(type));
    }

    /// Objects of `type` under a field selector, e.g. the pods of one node.
    public <T extends HasMetadata> Cache<T> withFields(Class<T> type, String fieldSelector) {
        return of(Source.of(type).withFields(fieldSelector));
    }

    @SuppressWarnings("unchecked") // the key names path, selection and form, and these determine T
    public <T> Cache<T> of(Source<T> source) {
        String key = source.path() + "?" + source.query() + " " + source.listAccept();
        synchronized (reflectors) {
            var running = (Reflector<T>) reflectors.get(key);
            if (running == null) {
                running = life.own(Reflector.start(api, source, time));
                reflectors.put(key, running);
                var cache = (ObjectCache<T>) running.cache();
                objects.read(cache::size, source.path());
            }
            return running.cache();
        }
    }

    @Override
    public void close() {
        life.close();
    }
}
