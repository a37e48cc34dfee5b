package dev.kapal.network.dns;

import dev.kapal.client.Key;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// A cluster written down by hand.
final class FixedNames implements ClusterNames {
    private final Set<String> namespaces = new TreeSet<>();
    private final Map<Key, NamedService> services = new HashMap<>();
    private final Map<Key, List<NamedEndpoint>> endpoints = new HashMap<>();

    FixedNames namespace(String name) {
        namespaces.add(name);
        return this;
    }

    FixedNames service(String namespace, String name, String clusterIp, NamedPort... ports) {
        namespace(namespace);
        services.put(new Key(namespace, name), new NamedService(clusterIp, "", List.of(ports)));
        return this;
    }

    FixedNames external(String namespace, String name, String target) {
        namespace(namespace);
        services.put(new Key(namespace, name), new NamedService("", target, List.of()));
        return this;
    }

    FixedNames endpoint(String namespace, String service, String address, String hostname, NamedPort... ports) {
        var endpoint =
                new NamedEndpoint(address, hostname.isEmpty() ? address.replace('.', '-') : hostname, List.of(ports));
        endpoints
                .computeIfAbsent(new Key(namespace, service), key -> new ArrayList<>())
                .add(endpoint);
        return this;
    }

    static NamedPort port(String name, int number) {
        return new NamedPort(name, "tcp", number);
    }

    @Override
    public boolean hasNamespace(String namespace) {
        return namespaces.contains(namespace);
    }

    @Override
    public Optional<NamedService> service(Key key) {
        return Optional.ofNullable(services.get(key));
    }

    @Override
    public List<NamedEndpoint> endpoints(Key service) {
        return endpoints.getOrDefault(service, List.of());
    }

    @Override
    public Optional<Key> serviceAt(String address) {
        return services.entrySet().stream()
                .filter(entry -> entry.getValue().clusterIp().equals(address))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    @Override
    public Collection<EndpointName> endpointsAt(String address) {
        var found = new ArrayList<EndpointName>();
        endpoints.forEach((service, all) -> all.stream()
                .filter(endpoint -> endpoint.address().equals(address))
                .forEach(endpoint -> found.add(new EndpointName(service, endpoint.hostname()))));
        return found;
    }
}
