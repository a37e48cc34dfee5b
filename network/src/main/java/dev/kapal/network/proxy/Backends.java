package dev.kapal.network.proxy;

import dev.kapal.network.Cidr;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/// The usable endpoints of one service port, sorted and without repeats. Immutable.
///
/// @param cluster all of them, under the traffic policy `Cluster`
/// @param local those on this node, under the traffic policy `Local`
///
/// Either list falls back to endpoints that are terminating but still serve, when nothing else is left: better a pod
/// on its way out than none. Source: KEP-1669, Proxy Terminating Endpoints.
record Backends(List<Backend> cluster, List<Backend> local) {
    Backends {
        cluster = List.copyOf(cluster);
        local = List.copyOf(local);
    }

    static Backends of(Collection<EndpointSlice> slices, String portName, String protocol, String nodeName) {
        var ready = new TreeSet<Backend>();
        var leaving = new TreeSet<Backend>();
        for (var slice : slices) {
            var port = port(slice, portName, protocol);
            if (port.isEmpty() || !"IPv4".equals(slice.getAddressType())) {
                continue;
            }
            for (var endpoint : slice.getEndpoints()) {
                collect(endpoint, port.get(), nodeName, ready, leaving);
            }
        }
        return new Backends(
                ready.isEmpty() ? List.copyOf(leaving) : List.copyOf(ready),
                onThisNode(ready).isEmpty() ? onThisNode(leaving) : onThisNode(ready));
    }

    private static void collect(
            Endpoint endpoint, int port, String nodeName, TreeSet<Backend> ready, TreeSet<Backend> leaving) {
        var conditions = endpoint.getConditions();
        boolean isReady = conditions == null || !Boolean.FALSE.equals(conditions.getReady());
        boolean serves = conditions == null || conditions.getServing() == null ? isReady : conditions.getServing();
        boolean terminates = conditions != null && Boolean.TRUE.equals(conditions.getTerminating());
        for (var address : endpoint.getAddresses()) {
            var backend = new Backend(address, port, node(endpoint, nodeName));
            if (!Cidr.isAddress(address)) {
                continue;
            }
            if (isReady) {
                ready.add(backend);
            } else if (serves && terminates) {
                leaving.add(backend);
            }
        }
    }

    private static Backend.Node node(Endpoint endpoint, String nodeName) {
        if (endpoint.getNodeName() == null) {
            return Backend.Node.UNKNOWN;
        }
        return endpoint.getNodeName().equals(nodeName) ? Backend.Node.THIS : Backend.Node.OTHER;
    }

    private static List<Backend> onThisNode(Collection<Backend> all) {
        return all.stream().filter(Backend::local).toList();
    }

    private static Optional<Integer> port(EndpointSlice slice, String name, String protocol) {
        Predicate<EndpointPort> wanted =
                port -> Objects.requireNonNullElse(port.getName(), "").equals(name)
                        && Objects.requireNonNullElse(port.getProtocol(), "TCP").equals(protocol);
        return slice.getPorts().stream()
                .filter(wanted)
                .map(EndpointPort::getPort)
                .filter(Objects::nonNull)
                .findFirst();
    }
}
