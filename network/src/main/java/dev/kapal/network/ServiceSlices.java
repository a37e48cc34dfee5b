package dev.kapal.network;

import dev.kapal.client.Cache;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;
import java.util.Optional;

/// The EndpointSlices, filed under the service they belong to. Immutable; any thread.
public record ServiceSlices(Cache<EndpointSlice> cache) {
    private static final String BY_SERVICE = "service";
    private static final String SERVICE_NAME = "kubernetes.io/service-name";

    public static ServiceSlices of(Informers informers) {
        return new ServiceSlices(informers
                .of(EndpointSlice.class)
                .index(
                        BY_SERVICE,
                        slice -> serviceOf(slice).map(Key::toString).stream().toList()));
    }

    public List<EndpointSlice> of(Key service) {
        return cache.byIndex(BY_SERVICE, service.toString());
    }

    /// The service a slice belongs to; a slice without the label belongs to none.
    public static Optional<Key> serviceOf(EndpointSlice slice) {
        return Optional.ofNullable(slice.getMetadata().getLabels())
                .map(labels -> labels.get(SERVICE_NAME))
                .filter(name -> !name.isEmpty())
                .map(name -> new Key(slice.getMetadata().getNamespace(), name));
    }
}
