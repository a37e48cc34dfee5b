package dev.kapal.network.proxy;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.Collection;
import java.util.Optional;

/// What this node tells the load balancers of a service whose traffic stays at the node where it comes in. Pure.
///
/// @param port the service's `healthCheckNodePort`
/// @param endpoints how many of the service's addresses are ready on this node; one that is terminating does not count,
///                  so that load balancers turn away while it still serves
record ServiceHealth(int port, int endpoints) {
    /// Empty for services that nobody asks about.
    static Optional<ServiceHealth> of(Service service, Collection<EndpointSlice> slices, String nodeName) {
        var spec = service.getSpec();
        if (!ServicePlanner.isOurs(service)
                || !"LoadBalancer".equals(spec.getType())
                || !"Local".equals(spec.getExternalTrafficPolicy())
                || spec.getHealthCheckNodePort() == null
                || spec.getHealthCheckNodePort() <= 0) {
            return Optional.empty();
        }
        long ready = slices.stream()
                .filter(slice -> "IPv4".equals(slice.getAddressType()))
                .flatMap(slice -> slice.getEndpoints().stream())
                .filter(endpoint -> nodeName.equals(endpoint.getNodeName()) && isReady(endpoint))
                .flatMap(endpoint -> endpoint.getAddresses().stream())
                .distinct()
                .count();
        return Optional.of(new ServiceHealth(spec.getHealthCheckNodePort(), (int) ready));
    }

    private static boolean isReady(Endpoint endpoint) {
        return endpoint.getConditions() == null
                || !Boolean.FALSE.equals(endpoint.getConditions().getReady());
    }
}
