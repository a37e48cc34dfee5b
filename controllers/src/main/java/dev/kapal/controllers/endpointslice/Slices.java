package dev.kapal.controllers.endpointslice;

import dev.kapal.client.Cache;
import dev.kapal.client.Change;
import dev.kapal.client.Key;
import dev.kapal.controllers.workload.Selectors;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.List;
import java.util.Objects;

/// Finds slices by the Service they belong to.
final class Slices {
    static final String BY_SERVICE = "service";

    private static final String ZONE = "topology.kubernetes.io/zone";

    private Slices() {}

    static List<String> byService(EndpointSlice slice) {
        String service = Selectors.labels(slice).get(ServiceEndpoints.SERVICE);
        return service == null ? List.of() : List.of(slice.getMetadata().getNamespace() + "/" + service);
    }

    /// The slices of a Service that one controller manages, those on their way out left aside.
    static List<EndpointSlice> managedBy(Cache<EndpointSlice> slices, Key service, String manager) {
        return slices.byIndex(BY_SERVICE, service.namespace() + "/" + service.name()).stream()
                .filter(slice -> manager.equals(Selectors.labels(slice).get(ServiceEndpoints.MANAGED_BY)))
                .filter(slice -> slice.getMetadata().getDeletionTimestamp() == null)
                .toList();
    }

    static List<Key> serviceOf(EndpointSlice slice, String manager) {
        String service = Selectors.labels(slice).get(ServiceEndpoints.SERVICE);
        boolean ours = manager.equals(Selectors.labels(slice).get(ServiceEndpoints.MANAGED_BY));
        return ours && service != null ? List.of(new Key(slice.getMetadata().getNamespace(), service)) : List.of();
    }

    /// Whether a node's zone changed; a node that joins changes nothing before pods run on it.
    static boolean isMoved(Change<Node> change) {
        return change instanceof Change.Updated<Node>(Node before, Node now)
                && !Objects.equals(
                        Selectors.labels(before).get(ZONE),
                        Selectors.labels(now).get(ZONE));
    }
}
