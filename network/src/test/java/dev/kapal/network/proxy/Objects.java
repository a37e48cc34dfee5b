package dev.kapal.network.proxy;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.function.UnaryOperator;

/// Short words for services and slices.
final class Objects {
    private Objects() {}

    /// A service in namespace `shop` with one TCP port, 80 → 8080.
    static ServiceBuilder service(String name, String clusterIp) {
        return service(name, clusterIp, "TCP", 80);
    }

    static ServiceBuilder service(String name, String clusterIp, String protocol, int port) {
        return new ServiceBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withClusterIP(clusterIp)
                .withType("ClusterIP")
                .addNewPort()
                .withProtocol(protocol)
                .withPort(port)
                .withTargetPort(new IntOrString(8080))
                .endPort()
                .endSpec();
    }

    static Service nodePort(Service service, int port) {
        return new ServiceBuilder(service)
                .editSpec()
                .withType("NodePort")
                .editFirstPort()
                .withNodePort(port)
                .endPort()
                .endSpec()
                .build();
    }

    /// A slice with port 8080 of the protocol.
    static EndpointSlice slice(String protocol, EndpointBuilder... endpoints) {
        var builder = new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace("shop")
                .withName("slice")
                .endMetadata()
                .withAddressType("IPv4")
                .addNewPort()
                .withProtocol(protocol)
                .withPort(8080)
                .endPort();
        for (var endpoint : endpoints) {
            builder.addToEndpoints(endpoint.build());
        }
        return builder.build();
    }

    static EndpointSlice tcp(EndpointBuilder... endpoints) {
        return slice("TCP", endpoints);
    }

    static EndpointSlice udp(EndpointBuilder... endpoints) {
        return slice("UDP", endpoints);
    }

    /// A ready endpoint on this node.
    static EndpointBuilder at(String address) {
        return new EndpointBuilder().withAddresses(address).withNodeName("me").withNewConditions(true, true, false);
    }

    static EndpointBuilder elsewhere(String address) {
        return at(address).withNodeName("other");
    }

    static EndpointBuilder terminating(String address) {
        return at(address).withNewConditions(false, true, true);
    }

    static EndpointBuilder unready(String address) {
        return at(address).withNewConditions(false, false, false);
    }

    static Service with(Service service, UnaryOperator<ServiceBuilder> change) {
        return change.apply(new ServiceBuilder(service)).build();
    }
}
