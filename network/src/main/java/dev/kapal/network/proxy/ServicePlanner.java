package dev.kapal.network.proxy;

import dev.kapal.network.Cidr;
import dev.kapal.network.NetworkConfig;
import dev.kapal.network.proxy.Rules.Set;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Objects;
import java.util.SequencedSet;

/// Says what a service adds to the table. Pure: no input but its arguments. Immutable; any thread.
///
/// The usual service is only elements: its address leads to the shared chain that draws a number below the count
/// of its backends, and address and number lead to the backend. Session affinity and the external policy `Local`
/// need chains of the service's own, see [PortPlan].
/// Source: Kubernetes documentation, "Virtual IPs and Service Proxies".
final class ServicePlanner {
    /// Another proxy takes care of services with this label.
    private static final String OTHER_PROXY = "service.kubernetes.io/service-proxy-name";

    private final NetworkConfig config;
    private final String nodeName;

    ServicePlanner(NetworkConfig config, String nodeName) {
        this.config = config;
        this.nodeName = nodeName;
    }

    Rules plan(Service service, Collection<EndpointSlice> slices) {
        if (!isOurs(service)) {
            return Rules.NONE;
        }
        var spec = service.getSpec();
        if (spec.getClusterIP().equals(config.dnsAddress())) {
            // The address is every node's own; there is nothing to redirect, and nothing to refuse.
            return Rules.NONE;
        }
        var rules = new RulesBuilder();
        rules.element(Set.ADDRESSES, spec.getClusterIP(), "");
        for (var port : spec.getPorts()) {
            plan(service, port, slices, rules);
        }
        return rules.build();
    }

    /// Whether this proxy makes the service's address work.
    static boolean isOurs(Service service) {
        var spec = service.getSpec();
        var labels = service.getMetadata().getLabels();
        return spec != null
                && spec.getClusterIP() != null
                && Cidr.isAddress(spec.getClusterIP())
                && !"ExternalName".equals(spec.getType())
                && (labels == null || !labels.containsKey(OTHER_PROXY));
    }

    private void plan(Service service, ServicePort port, Collection<EndpointSlice> slices, RulesBuilder rules) {
        var spec = service.getSpec();
        String protocol = Objects.requireNonNullElse(port.getProtocol(), "TCP");
        var backends = Backends.of(slices, Objects.requireNonNullElse(port.getName(), ""), protocol, nodeName);
        var plan = new PortPlan(
                config, id(service, port), protocol.toLowerCase(Locale.ROOT), stickySeconds(service), backends, rules);
        plan.internal(spec.getClusterIP(), port.getPort(), "Local".equals(spec.getInternalTrafficPolicy()));
        boolean localOnly = "Local".equals(spec.getExternalTrafficPolicy());
        for (var address : externalAddresses(service)) {
            plan.external(address, port.getPort(), localOnly);
        }
        if (port.getNodePort() != null && port.getNodePort() > 0) {
            plan.nodePort(port.getNodePort(), localOnly);
        }
    }

    private static String id(Service service, ServicePort port) {
        var name = port.getName() == null || port.getName().isEmpty() ? "" : ":" + port.getName();
        return service.getMetadata().getNamespace() + "/"
                + service.getMetadata().getName() + name;
    }

    /// 0 without affinity; three hours when the service does not say, as the API server defaults it.
    private static int stickySeconds(Service service) {
        var spec = service.getSpec();
        if (!"ClientIP".equals(spec.getSessionAffinity())) {
            return 0;
        }
        var affinity = spec.getSessionAffinityConfig();
        boolean silent = affinity == null
                || affinity.getClientIP() == null
                || affinity.getClientIP().getTimeoutSeconds() == null;
        return silent ? 10_800 : affinity.getClientIP().getTimeoutSeconds();
    }

    private static SequencedSet<String> externalAddresses(Service service) {
        var addresses = new LinkedHashSet<String>();
        var spec = service.getSpec();
        if (spec.getExternalIPs() != null) {
            addresses.addAll(spec.getExternalIPs());
        }
        var status = service.getStatus();
        if (status != null && status.getLoadBalancer() != null) {
            status.getLoadBalancer().getIngress().stream()
                    .filter(ingress -> !"Proxy".equals(ingress.getIpMode()))
                    .map(LoadBalancerIngress::getIp)
                    .filter(Objects::nonNull)
                    .forEach(addresses::add);
        }
        addresses.removeIf(address -> !Cidr.isAddress(address));
        return addresses;
    }
}
