package dev.kapal.network.dns;

import dev.kapal.client.Key;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// What the zone needs to know of the cluster, in its own words. Any thread; never blocks.
interface ClusterNames {
    boolean hasNamespace(String namespace);

    Optional<NamedService> service(Key key);

    /// The ready endpoints of a service, whichever way their slices are cut.
    List<NamedEndpoint> endpoints(Key service);

    /// The service that has the cluster IP.
    Optional<Key> serviceAt(String address);

    /// Services that have a ready endpoint at the address, with its name there.
    Collection<EndpointName> endpointsAt(String address);

    /// @param externalName where an ExternalName service points; empty for all others
    /// @param clusterIp empty for a headless service
    record NamedService(String clusterIp, String externalName, List<NamedPort> ports) {
        public NamedService {
            ports = List.copyOf(ports);
        }
    }

    /// @param protocol in lower case
    record NamedPort(String name, String protocol, int port) {}

    /// @param hostname the pod's own name in its subdomain, or its address with dashes
    record NamedEndpoint(String address, String hostname, List<NamedPort> ports) {
        public NamedEndpoint {
            ports = List.copyOf(ports);
        }
    }

    record EndpointName(Key service, String hostname) {}
}
