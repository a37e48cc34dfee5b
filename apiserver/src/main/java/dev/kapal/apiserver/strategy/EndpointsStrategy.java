package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Addresses that make sense, ports with names when there are several.
final class EndpointsStrategy implements Strategy {
    private static final String MANAGER = "endpoints.kubernetes.io/managed-by";
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
        var ip = address.path("ip").asText("");
        boolean valid = Addresses.isIp(ip);
        if (!valid) {
            problems.invalid(path + ".ip", ip, Addresses.IP_FORM);
        }
        var hostname = address.path("hostname").asText("");
        if (!hostname.isEmpty()) {
            problems.invalid(path + ".hostname", hostname, Names.dns1123Label(hostname));
        }
        if (address.has("nodeName")) {
            var node = address.get("nodeName").asText();
            problems.invalid(path + ".nodeName", node, Names.dns1123Subdomain(node));
        }
        if (valid) {
            Addresses.checkNonSpecial(path + ".ip", ip, problems);
        } else {
            problems.invalid(path + ".ip", ip, "must be a valid IP address");
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
        if (port.has("appProtocol")) {
            var protocol = port.get("appProtocol").asText();
            problems.invalid(path + ".appProtocol", protocol, Names.qualifiedName(protocol));
        }
    }

    /// What the controller writes has been put right.
    @Override
    public List<String> warnings(ObjectNode endpoints) {
        var manager = endpoints.path("metadata").path("labels").path(MANAGER).asText("");
        if (manager.equals("endpoint-controller")) {
            return List.of();
        }
        var warnings = new ArrayList<String>();
        var subsets = endpoints.path("subsets");
        for (int i = 0; i < subsets.size(); i++) {
            for (var list : List.of("addresses", "notReadyAddresses")) {
                var path = Problems.at("subsets", i) + "." + list;
                var addresses = subsets.get(i).path(list);
                for (int j = 0; j < addresses.size(); j++) {
                    var ip = addresses.get(j).path("ip").asText("");
                    warnings.addAll(AddressWarnings.ofIp(Problems.at(path, j) + ".ip", ip));
                }
            }
        }
        return warnings;
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
