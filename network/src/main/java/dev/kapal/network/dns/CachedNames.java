package dev.kapal.network.dns;

import dev.kapal.client.Cache;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.network.Cidr;
import dev.kapal.network.ServiceSlices;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/// The cluster's names out of the informers' caches. Any thread.
final class CachedNames implements ClusterNames {
    private static final String BY_CLUSTER_IP = "clusterIP";
    private static final String BY_ENDPOINT = "address";

    private final Cache<Namespace> namespaces;
    private final Cache<Service> services;
    private final ServiceSlices slices;

    CachedNames(Informers informers) {
        this.namespaces = informers.of(Namespace.class);
        this.services = informers.of(Service.class).index(BY_CLUSTER_IP, CachedNames::clusterIps);
        this.slices = ServiceSlices.of(informers);
        this.slices.cache().index(BY_ENDPOINT, CachedNames::addresses);
    }

    void awaitSync() throws InterruptedException {
        namespaces.awaitSync();
        services.awaitSync();
        slices.cache().awaitSync();
    }

    boolean isSynced() {
        return namespaces.isSynced() && services.isSynced() && slices.cache().isSynced();
    }

    @Override
    public boolean hasNamespace(String namespace) {
        return namespaces.find(Key.cluster(namespace)).isPresent();
    }

    @Override
    public Optional<NamedService> service(Key key) {
        return services.find(key).map(Service::getSpec).map(spec -> {
            boolean external = "ExternalName".equals(spec.getType());
            String clusterIp = spec.getClusterIP();
            boolean headless = clusterIp == null || !Cidr.isAddress(clusterIp);
            return new NamedService(
                    headless ? "" : clusterIp,
                    external ? Objects.requireNonNullElse(spec.getExternalName(), "") : "",
                    spec.getPorts().stream().map(CachedNames::port).toList());
        });
    }

    @Override
    public List<NamedEndpoint> endpoints(Key service) {
        var found = new ArrayList<NamedEndpoint>();
        for (var slice : slices.of(service)) {
            var ports = slice.getPorts().stream()
                    .filter(port -> port.getPort() != null)
                    .map(CachedNames::port)
                    .toList();
            for (var endpoint : slice.getEndpoints()) {
                if (isReady(endpoint)) {
                    for (var address : endpoint.getAddresses()) {
                        found.add(new NamedEndpoint(address, hostname(endpoint, address), ports));
                    }
                }
            }
        }
        return found;
    }

    @Override
    public Optional<Key> serviceAt(String address) {
        return services.byIndex(BY_CLUSTER_IP, address).stream().findFirst().map(Key::of);
    }

    @Override
    public Collection<EndpointName> endpointsAt(String address) {
        var names = new ArrayList<EndpointName>();
        for (var slice : slices.cache().byIndex(BY_ENDPOINT, address)) {
            for (var endpoint : slice.getEndpoints()) {
                if (isReady(endpoint) && endpoint.getAddresses().contains(address)) {
                    ServiceSlices.serviceOf(slice)
                            .map(service -> new EndpointName(service, hostname(endpoint, address)))
                            .ifPresent(names::add);
                }
            }
        }
        return names;
    }

    private static boolean isReady(Endpoint endpoint) {
        return endpoint.getConditions() == null
                || !Boolean.FALSE.equals(endpoint.getConditions().getReady());
    }

    private static String hostname(Endpoint endpoint, String address) {
        var own = endpoint.getHostname();
        return own == null || own.isEmpty() ? address.replace('.', '-').replace(':', '-') : own;
    }

    private static NamedPort port(ServicePort port) {
        return port(port.getName(), port.getProtocol(), port.getPort());
    }

    private static NamedPort port(EndpointPort port) {
        return port(port.getName(), port.getProtocol(), port.getPort());
    }

    private static NamedPort port(String name, String protocol, int port) {
        return new NamedPort(
                Objects.requireNonNullElse(name, ""),
                Objects.requireNonNullElse(protocol, "TCP").toLowerCase(Locale.ROOT),
                port);
    }

    private static List<String> clusterIps(Service service) {
        var spec = service.getSpec();
        return spec == null || spec.getClusterIP() == null || !Cidr.isAddress(spec.getClusterIP())
                ? List.of()
                : List.of(spec.getClusterIP());
    }

    private static List<String> addresses(EndpointSlice slice) {
        return slice.getEndpoints().stream()
                .flatMap(endpoint -> endpoint.getAddresses().stream())
                .toList();
    }
}
