package dev.kapal.apiserver.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupVersionResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Finds where a Service can be reached from here: at a ready endpoint, which needs no service proxy on this machine,
/// else at its cluster address. Any thread.
public final class ServiceAddresses {
    private static final GroupVersionResource SERVICES = new GroupVersionResource("", "v1", "services");
    private static final GroupVersionResource ENDPOINTS = new GroupVersionResource("", "v1", "endpoints");

    private final Lookup objects;
    private final RandomGenerator random;

    public ServiceAddresses(Lookup objects, RandomGenerator random) {
        this.objects = objects;
        this.random = random;
    }

    /// Reads one object, the newest state.
    @FunctionalInterface
    public interface Lookup {
        Optional<ObjectNode> find(GroupVersionResource resource, String namespace, String name)
                throws InterruptedException;
    }

    record Address(String host, int port) {}

    Address resolve(String namespace, String name, int port) throws WebhookFailure, InterruptedException {
        var service = objects.find(SERVICES, namespace, name)
                .orElseThrow(() -> new WebhookFailure("service \"" + name + "\" not found", 0));
        var spec = service.path("spec");
        if (spec.path("type").asText().equals("ExternalName")) {
            return new Address(spec.path("externalName").asText(), port);
        }
        var served = port(spec, port)
                .orElseThrow(
                        () -> new WebhookFailure("no service port " + port + " found for service \"" + name + "\"", 0));
        var endpoints = objects.find(ENDPOINTS, namespace, name);
        var ready = endpoints
                .map(found -> ready(found, served.path("name").asText("")))
                .orElseGet(List::of);
        if (!ready.isEmpty()) {
            return ready.get(random.nextInt(ready.size()));
        }
        var address = spec.path("clusterIP").asText("");
        if (endpoints.isPresent() || address.isEmpty() || address.equals("None")) {
            throw new WebhookFailure("no endpoints available for service \"" + name + "\"", 503);
        }
        return new Address(address, port);
    }

    private static Optional<JsonNode> port(JsonNode spec, int number) {
        for (var port : spec.path("ports")) {
            if (port.path("port").asInt() == number) {
                return Optional.of(port);
            }
        }
        return Optional.empty();
    }

    private static List<Address> ready(JsonNode endpoints, String portName) {
        var found = new ArrayList<Address>();
        for (var subset : endpoints.path("subsets")) {
            for (var port : subset.path("ports")) {
                if (port.path("name").asText("").equals(portName)) {
                    subset.path("addresses")
                            .forEach(address -> found.add(new Address(
                                    address.path("ip").asText(),
                                    port.path("port").asInt())));
                }
            }
        }
        return found;
    }
}
