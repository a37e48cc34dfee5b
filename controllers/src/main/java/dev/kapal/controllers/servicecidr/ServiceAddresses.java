package dev.kapal.controllers.servicecidr;

import dev.kapal.client.Key;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.IPAddress;
import io.fabric8.kubernetes.api.model.networking.v1.IPAddressBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How the addresses of services look as objects, and which of them are ours. Source: networking.k8s.io/v1, IPAddress,
/// labels of the API server's allocator.
final class ServiceAddresses {
    private static final String MANAGED_BY = "ipaddress.kubernetes.io/managed-by";
    private static final String FAMILY = "ipaddress.kubernetes.io/ip-family";
    private static final String ALLOCATOR = "ipallocator.k8s.io";
    private static final String SERVICES = "services";

    private ServiceAddresses() {}

    /// What a service has taken: none when it is headless or elsewhere.
    static List<String> of(Service service) {
        var spec = service.getSpec();
        if (spec == null || spec.getClusterIPs() == null || "ExternalName".equals(spec.getType())) {
            return List.of();
        }
        return spec.getClusterIPs().stream().filter(ip -> !ip.equals("None")).toList();
    }

    /// The service that an address belongs to; empty for addresses that others have made.
    static Optional<Key> owner(IPAddress address) {
        var labels = address.getMetadata().getLabels();
        var parent = address.getSpec() == null ? null : address.getSpec().getParentRef();
        boolean ours = labels != null && ALLOCATOR.equals(labels.get(MANAGED_BY));
        return ours && parent != null && SERVICES.equals(parent.getResource()) && parent.getName() != null
                ? Optional.of(new Key(parent.getNamespace(), parent.getName()))
                : Optional.empty();
    }

    static IPAddress object(String ip, Key service) {
        return new IPAddressBuilder()
                .withNewMetadata()
                .withName(ip)
                .withLabels(Map.of(MANAGED_BY, ALLOCATOR, FAMILY, ip.indexOf(':') < 0 ? "IPv4" : "IPv6"))
                .endMetadata()
                .withNewSpec()
                .withNewParentRef()
                .withGroup("")
                .withResource(SERVICES)
                .withNamespace(service.namespace())
                .withName(service.name())
                .endParentRef()
                .endSpec()
                .build();
    }
}
