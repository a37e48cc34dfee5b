package dev.kapal.apiserver.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.authn.ObjectReader;
import dev.kapal.http.client.Target;
import dev.kapal.model.GroupResource;
import dev.kapal.model.GroupVersionResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/// Finds the address behind a pod or a service. Any thread. The words of the refusals are upstream's.
final class Backends {
    private static final GroupVersionResource PODS = new GroupVersionResource("", "v1", "pods");
    private static final GroupVersionResource SERVICES = new GroupVersionResource("", "v1", "services");
    private static final GroupVersionResource ENDPOINTS = new GroupVersionResource("", "v1", "endpoints");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,5}");

    private final ObjectReader objects;
    private final Supplier<SSLContext> tls;
    private final RandomGenerator random;

    /// @param tls for backends that want TLS; pods have certificates of nobody we know, so it trusts any
    Backends(ObjectReader objects, Supplier<SSLContext> tls, RandomGenerator random) {
        this.objects = objects;
        this.tls = tls;
        this.random = random;
    }

    Target pod(RequestInfo info) throws InterruptedException {
        var wanted = ProxyName.parse(info.name(), "pod");
        var pod = find(PODS, info.namespace(), wanted.name());
        String address = pod.path("status").path("podIP").asText();
        if (address.isEmpty()) {
            throw ApiException.badRequest("address not allowed");
        }
        return target(wanted, address, wanted.port().isEmpty() ? firstPort(pod) : number(wanted.port()));
    }

    private static int firstPort(ObjectNode pod) {
        for (JsonNode container : pod.path("spec").path("containers")) {
            if (!container.path("ports").isEmpty()) {
                return container.path("ports").get(0).path("containerPort").asInt();
            }
        }
        return 80;
    }

    private static int number(String port) {
        if (!NUMBER.matcher(port).matches()) {
            throw ApiException.badRequest("invalid port \"" + port + "\"");
        }
        return Integer.parseInt(port);
    }

    Target service(RequestInfo info) throws InterruptedException {
        var wanted = ProxyName.parse(info.name(), "service");
        var service = find(SERVICES, info.namespace(), wanted.name());
        String portName = NUMBER.matcher(wanted.port()).matches()
                ? nameOf(service, Integer.parseInt(wanted.port()), wanted.name())
                : wanted.port();
        var endpoints = objects.get(ENDPOINTS, info.namespace(), wanted.name())
                .orElseThrow(() -> ApiException.notFound(ENDPOINTS.groupResource(), wanted.name()));
        var ready = addresses(endpoints, portName);
        if (ready.isEmpty()) {
            throw ApiException.serviceUnavailable("no endpoints available for service \"" + info.name() + "\"");
        }
        var one = ready.get(random.nextInt(ready.size()));
        return target(wanted, one.address(), one.port());
    }

    private static String nameOf(ObjectNode service, int number, String serviceName) {
        for (JsonNode port : service.path("spec").path("ports")) {
            if (port.path("port").asInt() == number) {
                return port.path("name").asText();
            }
        }
        throw ApiException.serviceUnavailable(
                "no service port " + number + " found for service \"" + serviceName + "\"");
    }

    private record Endpoint(String address, int port) {}

    private static List<Endpoint> addresses(ObjectNode endpoints, String portName) {
        var found = new ArrayList<Endpoint>();
        for (JsonNode subset : endpoints.path("subsets")) {
            for (JsonNode port : subset.path("ports")) {
                if (!port.path("name").asText().equals(portName)) {
                    continue;
                }
                subset.path("addresses")
                        .forEach(address -> found.add(new Endpoint(
                                address.path("ip").asText(), port.path("port").asInt())));
            }
        }
        return found;
    }

    private Target target(ProxyName wanted, String address, int port) {
        return new Target(address, port, wanted.isSecure() ? Optional.of(tls.get()) : Optional.empty());
    }

    private ObjectNode find(GroupVersionResource resource, String namespace, String name) throws InterruptedException {
        return objects.get(resource, namespace, name)
                .orElseThrow(() -> ApiException.notFound(new GroupResource("", resource.resource()), name));
    }
}
