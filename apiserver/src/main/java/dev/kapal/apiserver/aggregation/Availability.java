package dev.kapal.apiserver.aggregation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.Loopback;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.Times;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Whether a group of another server can be reached. The decisions are pure; their words are upstream's.
///
/// @param reason `Passed`, `ServiceNotFound`, …
record Availability(boolean available, String reason, String message) {
    static final Availability LOCAL = new Availability(true, "Local", "Local APIServices are always available");
    static final Availability PASSED = new Availability(true, "Passed", "all checks passed");

    /// An endpoint of a service.
    record Address(String host, int port) {}

    /// Where a service is reached, or why it is not.
    ///
    /// @param problem empty when there are addresses
    record Found(List<Address> addresses, Optional<Availability> problem) {
        private static Found none(String reason, String message) {
            return new Found(List.of(), Optional.of(new Availability(false, reason, message)));
        }
    }

    static Availability failedDiscovery(String why) {
        return new Availability(false, "FailedDiscoveryCheck", why);
    }

    /// @param service empty when it does not exist
    /// @param slices those of the service
    static Found find(ApiService.Service wanted, Optional<ObjectNode> service, List<JsonNode> slices) {
        String shown = "service/" + wanted.name() + " in \"" + wanted.namespace() + "\"";
        if (service.isEmpty()) {
            return Found.none("ServiceNotFound", shown + " is not present");
        }
        var spec = service.get().path("spec");
        if (spec.path("type").asText().equals("ExternalName")) {
            return new Found(List.of(new Address(spec.path("externalName").asText(), wanted.port())), Optional.empty());
        }
        Optional<String> portName = Optional.empty();
        for (var port : spec.path("ports")) {
            if (port.path("port").asInt() == wanted.port()) {
                portName = Optional.of(port.path("name").asText(""));
            }
        }
        if (portName.isEmpty()) {
            return Found.none("ServicePortError", shown + " is not listening on port " + wanted.port());
        }
        if (slices.isEmpty()) {
            return Found.none("EndpointsNotFound", "cannot find endpointslices for " + shown);
        }
        var addresses = addresses(slices, portName.get());
        return addresses.isEmpty()
                ? Found.none(
                        "MissingEndpoints",
                        "endpointslices for " + shown + " have no addresses with port name \"" + portName.get() + "\"")
                : new Found(addresses, Optional.empty());
    }

    private static List<Address> addresses(List<JsonNode> slices, String portName) {
        var addresses = new ArrayList<Address>();
        for (var slice : slices) {
            for (var port : slice.path("ports")) {
                if (!port.path("name").asText("").equals(portName)) {
                    continue;
                }
                for (var endpoint : slice.path("endpoints")) {
                    if (endpoint.path("conditions").path("ready").asBoolean(true)) {
                        endpoint.path("addresses")
                                .forEach(address -> addresses.add(new Address(
                                        address.asText(), port.path("port").asInt())));
                    }
                }
            }
        }
        return addresses;
    }

    /// The APIService with this as its condition; empty when it says so already.
    Optional<ObjectNode> in(ObjectNode service, Instant now) {
        var condition = Documents.object().put("type", "Available").put("status", available ? "True" : "False");
        condition
                .put("lastTransitionTime", Times.seconds(now))
                .put("reason", reason)
                .put("message", message);
        for (var present : service.path("status").path("conditions")) {
            if (!present.path("type").asText().equals("Available")) {
                continue;
            }
            boolean same = present.path("status").equals(condition.path("status"));
            if (same
                    && present.path("reason").equals(condition.path("reason"))
                    && present.path("message").equals(condition.path("message"))) {
                return Optional.empty();
            }
            if (same) {
                condition.set("lastTransitionTime", present.path("lastTransitionTime"));
            }
        }
        var changed = service.deepCopy();
        changed.putObject("status").putArray("conditions").add(condition);
        return Optional.of(changed);
    }

    /// Stores what [#in(ObjectNode, Instant)] changed.
    static void put(ObjectNode changed, Loopback server) throws IOException, InterruptedException {
        changed.put("apiVersion", "apiregistration.k8s.io/v1").put("kind", "APIService");
        String name = changed.path("metadata").path("name").asText();
        server.call("PUT", AggregationKeeper.SERVICES + "/" + name + "/status", Documents.text(changed));
    }
}
