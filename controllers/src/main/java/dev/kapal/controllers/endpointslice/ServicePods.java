package dev.kapal.controllers.endpointslice;

import dev.kapal.controllers.workload.PodFacts;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// How a pod stands behind a Service: whether at all, under which addresses and ports. Source: API reference, Service,
/// EndpointSlice (endpoint conditions).
public final class ServicePods {
    private ServicePods() {}

    public static Map<String, String> selector(Service service) {
        return Objects.requireNonNullElse(service.getSpec().getSelector(), Map.of());
    }

    public static boolean isExternalName(Service service) {
        return "ExternalName".equals(service.getSpec().getType());
    }

    public static boolean isHeadless(Service service) {
        return "None".equals(service.getSpec().getClusterIP());
    }

    public static boolean publishesNotReady(Service service) {
        return Boolean.TRUE.equals(service.getSpec().getPublishNotReadyAddresses());
    }

    public static List<ServicePort> ports(Service service) {
        return Objects.requireNonNullElse(service.getSpec().getPorts(), List.of());
    }

    /// `IPv4`, `IPv6` or both, the first one first.
    public static List<String> families(Service service) {
        var families = service.getSpec().getIpFamilies();
        if (families != null && !families.isEmpty()) {
            return families;
        }
        String address = service.getSpec().getClusterIP();
        return List.of(address != null && address.indexOf(':') >= 0 ? "IPv6" : "IPv4");
    }

    /// Whether the pod has an address and has not ended; terminating ones count on request.
    public static boolean counts(Pod pod, boolean terminatingToo) {
        return !PodFacts.isEnded(pod) && !addresses(pod).isEmpty() && (terminatingToo || !PodFacts.isTerminating(pod));
    }

    /// The pod's addresses of one family.
    public static List<String> addresses(Pod pod, String family) {
        boolean six = family.equals("IPv6");
        return addresses(pod).stream()
                .filter(address -> six == address.indexOf(':') >= 0)
                .toList();
    }

    private static List<String> addresses(Pod pod) {
        if (pod.getStatus() == null) {
            return List.of();
        }
        var all = new ArrayList<String>();
        for (PodIP ip : Objects.requireNonNullElse(pod.getStatus().getPodIPs(), List.<PodIP>of())) {
            if (ip.getIp() != null && !ip.getIp().isEmpty()) {
                all.add(ip.getIp());
            }
        }
        String first = pod.getStatus().getPodIP();
        if (all.isEmpty() && first != null && !first.isEmpty()) {
            all.add(first);
        }
        return all;
    }

    /// The number of a service port on this pod; empty when the pod has no port of that name.
    public static OptionalInt port(Pod pod, ServicePort port) {
        var target = port.getTargetPort();
        if (target == null) {
            return OptionalInt.of(port.getPort());
        }
        if (isNumber(target)) {
            return OptionalInt.of(target.getIntVal() == 0 ? port.getPort() : target.getIntVal());
        }
        String protocol = Objects.requireNonNullElse(port.getProtocol(), "TCP");
        return containers(pod)
                .flatMap(container ->
                        Objects.requireNonNullElse(container.getPorts(), List.<ContainerPort>of()).stream())
                .filter(candidate -> target.getStrVal().equals(candidate.getName())
                        && protocol.equals(Objects.requireNonNullElse(candidate.getProtocol(), "TCP")))
                .mapToInt(ContainerPort::getContainerPort)
                .findFirst();
    }

    private static boolean isNumber(IntOrString target) {
        return target.getIntVal() != null;
    }

    /// The containers that run beside each other: the sidecars among the init containers too.
    private static Stream<Container> containers(Pod pod) {
        var init = Objects.requireNonNullElse(pod.getSpec().getInitContainers(), List.<Container>of()).stream()
                .filter(container -> "Always".equals(container.getRestartPolicy()));
        return Stream.concat(
                Objects.requireNonNullElse(pod.getSpec().getContainers(), List.<Container>of()).stream(), init);
    }

    /// The name under which DNS finds the pod behind a headless Service.
    public static Optional<String> hostname(Pod pod, Service service) {
        String hostname = pod.getSpec().getHostname();
        boolean named = hostname != null
                && !hostname.isEmpty()
                && service.getMetadata().getName().equals(pod.getSpec().getSubdomain())
                && service.getMetadata().getNamespace().equals(pod.getMetadata().getNamespace());
        return named ? Optional.of(hostname) : Optional.empty();
    }
}
