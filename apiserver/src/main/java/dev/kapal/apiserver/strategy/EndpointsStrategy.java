package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Names;
import java.util.List;
import java.util.Optional;

/// Addresses that make sense, ports with names when there are several.
final class EndpointsStrategy implements Strategy {
    private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");

    @Override
    public void check(ObjectNode endpoints, Optional<ObjectNode> stored, Problems problems) {
        var subsets = endpoints.path("subsets");
        for (int i = 0; i < subsets.size(); i++) {
            checkSubset(Problems.at("subsets", i), subsets.get(i), problems);
        }
    }

    private static void checkSubset(String path, JsonNode subset, Problems problems) {
        if (subset.path("addresses").isEmpty()
                && subset.path("notReadyAddresses").isEmpty()) {
            problems.required(path, "must specify `addresses` or `notReadyAddresses`");
        }
        for (var list : List.of("addresses", "notReadyAddresses")) {
            var addresses = subset.path(list);
            for (int i = 0; i < addresses.size(); i++) {
                checkAddress(Problems.at(path + "." + list, i), addresses.get(i), problems);
            }
        }
        var ports = subset.path("ports");
        for (int i = 0; i < ports.size(); i++) {
            checkPort(Problems.at(path + ".ports", i), ports.get(i), ports.size() > 1, problems);
        }
    }

    private static void checkAddress(String path, JsonNode address, Problems problems) {
        Addresses.checkNonSpecial(path + ".ip", address.path("ip").asText(""), problems);
        var hostname = address.path("hostname").asText("");
        if (!hostname.isEmpty()) {
            problems.invalid(path + ".hostname", hostname, Names.dns1123Label(hostname));
        }
    }

    private static void checkPort(String path, JsonNode port, boolean named, Problems problems) {
        var name = port.path("name").asText("");
        if (named && name.isEmpty()) {
            problems.required(path + ".name", "");
        } else if (!name.isEmpty()) {
            problems.invalid(path + ".name", name, Names.dns1123Label(name));
        }
        problems.port(path + ".port", port.path("port").asLong());
        problems.oneOf(path + ".protocol", port.path("protocol").asText(""), PROTOCOLS);
    }

    @Override
    public Optional<String> deprecation() {
        return Optional.of("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice");
    }

    @Override
    public boolean createsOnUpdate() {
        return true;
    }
}
