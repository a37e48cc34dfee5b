package dev.kapal.controllers.certificates;

import dev.kapal.client.Cache;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.pki.CertificateRequest;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which names and addresses a node may serve under without anybody looking. Any thread.
///
/// A node writes its own addresses, so what another node or the API server is reached by is not taken on its word: the
/// same authority vouches for all of them, and a certificate for such an address could be used in their place.
final class ServingNames {
    private static final Key API_SERVER = new Key("default", "kubernetes");

    private final Cache<Node> nodes;
    private final Cache<Service> services;
    private final Cache<EndpointSlice> slices;

    ServingNames(Informers informers) {
        this.nodes = informers.of(Node.class);
        this.services = informers.of(Service.class);
        this.slices = informers.of(EndpointSlice.class);
    }

    /// Whether all these are the node's and nobody else's.
    boolean areOf(String name, CertificateRequest.Names wanted) {
        var own = nodes.find(Key.cluster(name));
        return own.isPresent() && areOf(own.get(), nodes.all(), apiServer(), wanted);
    }

    static boolean areOf(
            Node node, Collection<Node> all, Collection<String> apiServer, CertificateRequest.Names wanted) {
        var free = new HashSet<>(addresses(node));
        for (var other : all) {
            if (!other.getMetadata().getName().equals(node.getMetadata().getName())) {
                free.removeAll(addresses(other));
                free.remove(other.getMetadata().getName());
            }
        }
        free.removeAll(apiServer);
        free.removeIf(name -> name.equals("kubernetes") || name.startsWith("kubernetes."));
        // Under its name, and to itself, it answers in any case.
        free.addAll(Set.of(node.getMetadata().getName(), "localhost", "127.0.0.1"));
        return free.containsAll(wanted.dns()) && free.containsAll(wanted.addresses());
    }

    private static List<String> addresses(Node node) {
        return node.getStatus() == null || node.getStatus().getAddresses() == null
                ? List.of()
                : node.getStatus().getAddresses().stream()
                        .map(address -> address.getAddress())
                        .toList();
    }

    private Set<String> apiServer() {
        var addresses = new HashSet<String>();
        services.find(API_SERVER)
                .ifPresent(service -> addresses.add(service.getSpec().getClusterIP()));
        for (var slice : slices.list(API_SERVER.namespace())) {
            var labels = slice.getMetadata().getLabels() == null
                    ? Map.<String, String>of()
                    : slice.getMetadata().getLabels();
            if (API_SERVER.name().equals(labels.get("kubernetes.io/service-name"))) {
                slice.getEndpoints().forEach(endpoint -> addresses.addAll(endpoint.getAddresses()));
            }
        }
        return addresses;
    }
}
