package dev.kapal.controllers.endpoints;

import dev.kapal.controllers.endpointslice.ServicePods;
import dev.kapal.controllers.workload.PodFacts;
import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointAddressBuilder;
import io.fabric8.kubernetes.api.model.EndpointPort;
import io.fabric8.kubernetes.api.model.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.EndpointSubsetBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The subsets of a Service's Endpoints: addresses that share the same set of ports stand together. Pure.
final class Subsets {
    /// How many addresses an Endpoints object holds at most.
    static final int CAPACITY = 1000;

    private static final Comparator<EndpointAddress> BY_IP = Comparator.comparing(EndpointAddress::getIp)
            .thenComparing(address -> address.getTargetRef().getUid());
    private static final Comparator<EndpointPort> BY_NAME = Comparator.comparing(
                    (EndpointPort port) -> Optional.ofNullable(port.getName()).orElse(""))
            .thenComparing(EndpointPort::getPort);

    private Subsets() {}

    /// An address with whether it takes traffic.
    private record Seat(EndpointAddress address, boolean ready) {}

    static List<EndpointSubset> of(Service service, List<Pod> pods) {
        Map<Seat, Set<EndpointPort>> seats = new LinkedHashMap<>();
        boolean notReadyToo = ServicePods.publishesNotReady(service);
        String family = ServicePods.families(service).getFirst();
        for (Pod pod : pods) {
            var addresses = ServicePods.addresses(pod, family);
            if (ServicePods.counts(pod, notReadyToo) && !addresses.isEmpty()) {
                var seat = new Seat(address(service, pod, addresses.getFirst()), notReadyToo || PodFacts.isReady(pod));
                ports(service, pod)
                        .ifPresent(ports -> seats.computeIfAbsent(seat, s -> new LinkedHashSet<>())
                                .addAll(ports));
            }
        }
        return packed(seats);
    }

    static boolean isOverCapacity(List<EndpointSubset> subsets) {
        return subsets.stream()
                        .mapToInt(subset -> subset.getAddresses().size()
                                + subset.getNotReadyAddresses().size())
                        .sum()
                > CAPACITY;
    }

    /// Cuts down to the capacity, the ready addresses first.
    static List<EndpointSubset> truncated(List<EndpointSubset> subsets) {
        int room = CAPACITY;
        var ready = new ArrayList<List<EndpointAddress>>();
        for (EndpointSubset subset : subsets) {
            var some = subset.getAddresses().stream().limit(room).toList();
            ready.add(some);
            room -= some.size();
        }
        var cut = new ArrayList<EndpointSubset>();
        for (int i = 0; i < subsets.size(); i++) {
            var rest =
                    subsets.get(i).getNotReadyAddresses().stream().limit(room).toList();
            room -= rest.size();
            if (!ready.get(i).isEmpty() || !rest.isEmpty()) {
                cut.add(new EndpointSubsetBuilder(subsets.get(i))
                        .withAddresses(ready.get(i))
                        .withNotReadyAddresses(rest)
                        .build());
            }
        }
        return cut;
    }

    /// Empty when the pod offers none of the Service's ports; a headless Service needs none.
    private static Optional<List<EndpointPort>> ports(Service service, Pod pod) {
        var wanted = ServicePods.ports(service);
        if (wanted.isEmpty()) {
            return ServicePods.isHeadless(service) ? Optional.of(List.of()) : Optional.empty();
        }
        var ports = new ArrayList<EndpointPort>();
        for (ServicePort port : wanted) {
            ServicePods.port(pod, port)
                    .ifPresent(number -> ports.add(new EndpointPortBuilder()
                            .withName(port.getName())
                            .withPort(number)
                            .withProtocol(port.getProtocol())
                            .withAppProtocol(port.getAppProtocol())
                            .build()));
        }
        return ports.isEmpty() ? Optional.empty() : Optional.of(ports);
    }

    private static EndpointAddress address(Service service, Pod pod, String ip) {
        String node = PodFacts.nodeName(pod);
        return new EndpointAddressBuilder()
                .withIp(ip)
                .withHostname(ServicePods.hostname(pod, service).orElse(null))
                .withNodeName(node.isEmpty() ? null : node)
                .withNewTargetRef()
                .withKind("Pod")
                .withNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .withUid(pod.getMetadata().getUid())
                .endTargetRef()
                .build();
    }

    private static List<EndpointSubset> packed(Map<Seat, Set<EndpointPort>> seats) {
        Map<List<EndpointPort>, List<Seat>> byPorts = new LinkedHashMap<>();
        seats.forEach((seat, ports) -> byPorts.computeIfAbsent(
                        ports.stream().sorted(BY_NAME).toList(), p -> new ArrayList<>())
                .add(seat));
        return byPorts.entrySet().stream()
                .map(entry -> new EndpointSubsetBuilder()
                        .withAddresses(addresses(entry.getValue(), true))
                        .withNotReadyAddresses(addresses(entry.getValue(), false))
                        .withPorts(entry.getKey())
                        .build())
                .sorted(Comparator.comparing(subset -> subset.getPorts().toString()))
                .toList();
    }

    private static List<EndpointAddress> addresses(List<Seat> seats, boolean ready) {
        return seats.stream()
                .filter(seat -> seat.ready() == ready)
                .map(Seat::address)
                .sorted(BY_IP)
                .toList();
    }
}
