package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// The kind of address is chosen once; all but the metadata counts as a change.
final class EndpointSliceStrategy implements Strategy {
    private static final List<String> TYPES = List.of("FQDN", "IPv4", "IPv6");
    private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");
    private static final int MOST_ENDPOINTS = 1000;
    private static final int MOST_ADDRESSES = 100;

    @Override
    public void check(ObjectNode slice, Optional<ObjectNode> stored, Problems problems) {
        var type = slice.path("addressType").asText("");
        problems.oneOf("addressType", type, TYPES);
        var endpoints = slice.path("endpoints");
        if (endpoints.size() > MOST_ENDPOINTS) {
            problems.tooMany("endpoints", endpoints.size(), MOST_ENDPOINTS);
            return;
        }
        for (int i = 0; i < endpoints.size(); i++) {
            checkEndpoint(Problems.at("endpoints", i), endpoints.get(i), type, problems);
        }
        checkPorts(slice.path("ports"), problems);
        stored.ifPresent(before -> {
            if (!type.equals(before.path("addressType").asText(""))) {
                problems.invalid("addressType", type, Problems.IMMUTABLE);
            }
        });
    }

    private static void checkEndpoint(String path, JsonNode endpoint, String type, Problems problems) {
        var addresses = endpoint.path("addresses");
        if (addresses.isEmpty()) {
            problems.required(path + ".addresses", "must contain at least 1 address");
        } else if (addresses.size() > MOST_ADDRESSES) {
            problems.tooMany(path + ".addresses", addresses.size(), MOST_ADDRESSES);
        }
        for (int i = 0; i < addresses.size(); i++) {
            var at = Problems.at(path + ".addresses", i);
            var address = addresses.get(i).asText();
            if (type.equals("FQDN")) {
                problems.invalid(at, address, Names.dns1123Subdomain(address));
            } else {
                checkIp(at, address, type.equals("IPv4") ? 4 : 16, problems);
            }
        }
        var hostname = endpoint.path("hostname").asText("");
        if (!hostname.isEmpty()) {
            problems.invalid(path + ".hostname", hostname, Names.dns1123Label(hostname));
        }
    }

    private static void checkIp(String path, String address, int length, Problems problems) {
        var parsed = Addresses.parse(address);
        if (parsed.isEmpty()) {
            problems.invalid(path, address, Addresses.IP_FORM);
        } else if (parsed.get().getAddress().length != length) {
            problems.invalid(path, address, "must be an IPv" + (length == 4 ? 4 : 6) + " address");
        } else {
            Addresses.checkNonSpecial(path, address, problems);
        }
    }

    private static void checkPorts(JsonNode ports, Problems problems) {
        var names = new HashSet<String>();
        for (int i = 0; i < ports.size(); i++) {
            var path = Problems.at("ports", i);
            var port = ports.get(i);
            var name = port.path("name").asText("");
            if (!names.add(name)) {
                problems.duplicate(path, name);
            }
            if (!name.isEmpty()) {
                problems.invalid(path + ".name", name, Names.dns1123Label(name));
            }
            if (port.has("port")) {
                problems.port(path + ".port", port.get("port").asLong());
            }
            problems.oneOf(path + ".protocol", port.path("protocol").asText(""), PROTOCOLS);
        }
    }

    @Override
    public boolean asksForSame(ObjectNode one, ObjectNode other) {
        return one.path("endpoints").equals(other.path("endpoints"))
                && one.path("ports").equals(other.path("ports"))
                && one.path("addressType").equals(other.path("addressType"))
                && one.path("metadata")
                        .path("labels")
                        .equals(other.path("metadata").path("labels"));
    }
}
