package dev.kapal.controllers.endpointslice;

import dev.kapal.client.OwnerRefs;
import dev.kapal.controllers.workload.PodFacts;
import dev.kapal.controllers.workload.Selectors;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPortBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// What the slices of a Service shall say, from its pods. Pure.
final class ServiceEndpoints {
    static final String SERVICE = "kubernetes.io/service-name";
    static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
    static final String HEADLESS = "service.kubernetes.io/headless";
    static final String US = "endpointslice-controller.k8s.io";

    private static final String ZONE = "topology.kubernetes.io/zone";

    private ServiceEndpoints() {}

    static Wanted wanted(
            Service service, List<Pod> pods, Function<String, Optional<Node>> nodes, Optional<Instant> trigger) {
        Map<Wanted.Group, List<Endpoint>> groups = new LinkedHashMap<>();
        for (String family : ServicePods.families(service)) {
            var ofFamily = groups(service, pods, nodes, family);
            groups.putAll(ofFamily.isEmpty() ? Map.of(new Wanted.Group(family, List.of()), List.of()) : ofFamily);
        }
        return new Wanted(
                service.getMetadata().getNamespace(),
                service.getMetadata().getName() + "-",
                labels(service),
                trigger.map(at -> Map.of(TriggerTimes.ANNOTATION, at.toString()))
                        .orElse(Map.of()),
                OwnerRefs.controlling(service),
                groups);
    }

    private static Map<Wanted.Group, List<Endpoint>> groups(
            Service service, List<Pod> pods, Function<String, Optional<Node>> nodes, String family) {
        Map<Wanted.Group, List<Endpoint>> groups = new LinkedHashMap<>();
        pods.stream()
                .filter(pod -> ServicePods.counts(pod, true))
                .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
                .forEach(pod -> {
                    var addresses = ServicePods.addresses(pod, family);
                    if (!addresses.isEmpty()) {
                        groups.computeIfAbsent(
                                        new Wanted.Group(family, ports(service, pod)), group -> new ArrayList<>())
                                .add(endpoint(service, pod, addresses, nodes));
                    }
                });
        return groups;
    }

    private static List<EndpointPort> ports(Service service, Pod pod) {
        var ports = new ArrayList<EndpointPort>();
        for (ServicePort port : ServicePods.ports(service)) {
            ServicePods.port(pod, port)
                    .ifPresent(number -> ports.add(new EndpointPortBuilder()
                            .withName(port.getName() == null ? "" : port.getName())
                            .withPort(number)
                            .withProtocol(port.getProtocol())
                            .withAppProtocol(port.getAppProtocol())
                            .build()));
        }
        return ports;
    }

    private static Endpoint endpoint(
            Service service, Pod pod, List<String> addresses, Function<String, Optional<Node>> nodes) {
        boolean serving = PodFacts.isReady(pod);
        boolean terminating = PodFacts.isTerminating(pod);
        boolean ready = ServicePods.publishesNotReady(service) || serving && !terminating;
        String nodeName = PodFacts.nodeName(pod);
        return new EndpointBuilder()
                .withAddresses(addresses)
                .withNewConditions(ready, serving, terminating)
                .withHostname(ServicePods.hostname(pod, service).orElse(null))
                .withNodeName(nodeName.isEmpty() ? null : nodeName)
                .withZone(nodes.apply(nodeName)
                        .map(node -> Selectors.labels(node).get(ZONE))
                        .orElse(null))
                .withNewTargetRef()
                .withKind("Pod")
                .withNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .withUid(pod.getMetadata().getUid())
                .endTargetRef()
                .build();
    }

    private static Map<String, String> labels(Service service) {
        var labels = new LinkedHashMap<>(Selectors.labels(service));
        labels.remove(HEADLESS);
        labels.put(SERVICE, service.getMetadata().getName());
        labels.put(MANAGED_BY, US);
        if (ServicePods.isHeadless(service)) {
            labels.put(HEADLESS, "");
        }
        return labels;
    }
}
