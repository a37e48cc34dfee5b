package dev.kapal.controllers.endpointslice;

import dev.kapal.client.OwnerRefs;
import dev.kapal.controllers.workload.Selectors;
import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointPort;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditionsBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPortBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// What the slices that mirror hand-written Endpoints shall say. Pure.
final class Mirrored {
    static final String US = "endpointslicemirroring-controller.k8s.io";

    /// How many addresses of one subset are mirrored; the rest is left out.
    private static final int LIMIT = 1000;

    private static final Set<String> NOT_COPIED =
            Set.of("kubectl.kubernetes.io/last-applied-configuration", TriggerTimes.ANNOTATION);

    private Mirrored() {}

    static Wanted wanted(Endpoints endpoints) {
        Map<Wanted.Group, List<Endpoint>> groups = new LinkedHashMap<>();
        for (EndpointSubset subset : Objects.requireNonNullElse(endpoints.getSubsets(), List.<EndpointSubset>of())) {
            mirror(subset, groups);
        }
        var annotations = new LinkedHashMap<>(Selectors.annotations(endpoints));
        NOT_COPIED.forEach(annotations::remove);
        return new Wanted(
                endpoints.getMetadata().getNamespace(),
                endpoints.getMetadata().getName() + "-",
                labels(endpoints),
                annotations,
                OwnerRefs.controlling(endpoints),
                groups);
    }

    private static Map<String, String> labels(Endpoints endpoints) {
        var labels = new LinkedHashMap<>(Selectors.labels(endpoints));
        labels.put(ServiceEndpoints.SERVICE, endpoints.getMetadata().getName());
        labels.put(ServiceEndpoints.MANAGED_BY, US);
        return labels;
    }

    private static void mirror(EndpointSubset subset, Map<Wanted.Group, List<Endpoint>> groups) {
        var ports = Objects.requireNonNullElse(subset.getPorts(), List.<EndpointPort>of()).stream()
                .map(port -> new EndpointPortBuilder()
                        .withName(port.getName())
                        .withPort(port.getPort())
                        .withProtocol(port.getProtocol())
                        .withAppProtocol(port.getAppProtocol())
                        .build())
                .toList();
        int room = LIMIT;
        for (EndpointAddress address : addresses(subset.getAddresses(), room)) {
            add(groups, ports, address, true);
            room--;
        }
        for (EndpointAddress address : addresses(subset.getNotReadyAddresses(), room)) {
            add(groups, ports, address, false);
        }
    }

    private static List<EndpointAddress> addresses(List<EndpointAddress> addresses, int room) {
        return Objects.requireNonNullElse(addresses, List.<EndpointAddress>of()).stream()
                .limit(room)
                .toList();
    }

    private static void add(
            Map<Wanted.Group, List<Endpoint>> groups,
            List<io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort> ports,
            EndpointAddress address,
            boolean ready) {
        String family = address.getIp().indexOf(':') >= 0 ? "IPv6" : "IPv4";
        groups.computeIfAbsent(new Wanted.Group(family, ports), group -> new ArrayList<>())
                .add(new EndpointBuilder()
                        .withAddresses(address.getIp())
                        .withConditions(
                                new EndpointConditionsBuilder().withReady(ready).build())
                        .withHostname(address.getHostname())
                        .withNodeName(address.getNodeName())
                        .withTargetRef(address.getTargetRef())
                        .build());
    }
}
