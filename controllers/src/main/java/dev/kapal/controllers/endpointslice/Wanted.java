package dev.kapal.controllers.endpointslice;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPortBuilder;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What the slices of one Service shall say together. A value.
///
/// @param prefix of the slices' generated names
/// @param groups the endpoints, by address family and ports: one slice holds only one group's
record Wanted(
        String namespace,
        String prefix,
        Map<String, String> labels,
        Map<String, String> annotations,
        OwnerReference owner,
        Map<Group, List<Endpoint>> groups) {

    /// Ports are the same when they say the same, in whatever order and with defaults written out or not.
    ///
    /// @param addressType `IPv4` or `IPv6`
    record Group(String addressType, List<EndpointPort> ports) {
        private static final Comparator<EndpointPort> ORDER = Comparator.comparing(EndpointPort::getName)
                .thenComparing(EndpointPort::getProtocol)
                .thenComparing(EndpointPort::getPort, Comparator.nullsFirst(Comparator.naturalOrder()));

        Group {
            ports = ports.stream().map(Group::plain).sorted(ORDER).toList();
        }

        private static EndpointPort plain(EndpointPort port) {
            return new EndpointPortBuilder(port)
                    .withName(Objects.requireNonNullElse(port.getName(), ""))
                    .withProtocol(Objects.requireNonNullElse(port.getProtocol(), "TCP"))
                    .build();
        }
    }

    /// Whether these ports are the only ones of their address family.
    boolean isSole(Group group) {
        return groups.keySet().stream()
                .noneMatch(other -> other.addressType().equals(group.addressType()) && !other.equals(group));
    }
}
