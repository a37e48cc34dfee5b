package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Names;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// The kind of address is chosen once; all but the metadata counts as a change.
final class EndpointSliceStrategy implements Strategy {
    private static final String MANAGER = "endpointslice.kubernetes.io/managed-by";
    private static final List<String> CONTROLLERS =
            List.of("endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io");
    private static final List<String> TYPES = List.of("FQDN", "IPv4", "IPv6");
    private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");
    private static final int MOST_ENDPOINTS = 1000;
    private static final int MOST_ADDRESSES = 100;
    private static final int MOST_PORTS = 20_000;
    private static final int MOST_HINTS = 8;

    @Override
    public void check(ObjectNode slice, Optional<ObjectNode> stored, Problems problems) {
        var type = slice.path("addressType").asText("");
        problems.oneOf("addressType", type, TYPES);
        checkPorts(slice.path("ports"), problems);
        var endpoints = slice.path("endpoints");
        boolean kept = stored.isPresent() && stored.get().path("endpoints").equals(endpoints);
        if (!kept) {
            checkEndpoints(endpoints, type, problems);
        }
        stored.ifPresent(before -> {
            if (!type.equals(before.path("addressType").asText(""))) {
                problems.invalid("addressType", type, Problems.IMMUTABLE);
            }
        });
    }

    private static void checkEndpoints(JsonNode endpoints, String type, Problems problems) {
        if (endpoints.size() > MOST_ENDPOINTS) {
            problems.tooMany("endpoints", endpoints.size(), MOST_ENDPOINTS);
            return;
        }
        for (int i = 0; i < endpoints.size(); i++) {
            checkEndpoint(Problems.at("endpoints", i), endpoints.get(i), type, problems);
        }
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
                checkDomain(at, address, problems);
            } else if (TYPES.contains(type)) {
                checkIp(at, address, type.equals("IPv4") ? 4 : 16, problems);
            }
        }
        if (endpoint.has("nodeName")) {
            var node = endpoint.get("nodeName").asText();
            problems.invalid(path + ".nodeName", node, Names.dns1123Subdomain(node));
        }
        if (endpoint.has("hostname")) {
            var hostname = endpoint.get("hostname").asText();
            problems.invalid(path + ".hostname", hostname, Names.dns1123Label(hostname));
        }
        var hints = endpoint.path("hints");
        checkHints(path + ".hints.forZones", hints.path("forZones"), Names::labelValue, problems);
        if (hints.path("forZones").size() <= MOST_HINTS) {
            checkHints(path + ".hints.forNodes", hints.path("forNodes"), Names::dns1123Subdomain, problems);
        }
    }

    /// A domain of at least two parts; the dot at its end is not looked at.
    private static void checkDomain(String path, String address, Problems problems) {
        var name = address.endsWith(".") ? address.substring(0, address.length() - 1) : address;
        var details = Names.dns1123Subdomain(name);
        if (address.isEmpty()) {
            problems.required(path, "");
        } else if (!details.isEmpty()) {
            problems.invalid(path, name, String.join(",", details));
        } else if (name.indexOf('.') < 0) {
            problems.invalid(path, name, "should be a domain with at least two segments separated by dots");
        } else {
            Stream.of(name.split("\\."))
                    .filter(label -> !Names.dns1123Label(label).isEmpty())
                    .findFirst()
                    .ifPresent(label -> problems.invalid(path, label, String.join(",", Names.dns1123Label(label))));
        }
    }

    private static void checkHints(
            String path, JsonNode hints, Function<String, List<String>> form, Problems problems) {
        if (hints.size() > MOST_HINTS) {
            problems.tooMany(path, hints.size(), MOST_HINTS);
            return;
        }
        var names = new HashSet<String>();
        for (int i = 0; i < hints.size(); i++) {
            var at = Problems.at(path, i) + ".name";
            var name = hints.get(i).path("name").asText("");
            if (!names.add(name)) {
                problems.duplicate(at, name);
            }
            problems.invalid(at, name, form.apply(name));
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
        if (ports.size() > MOST_PORTS) {
            problems.tooMany("ports", ports.size(), MOST_PORTS);
            return;
        }
        var names = new HashSet<String>();
        for (int i = 0; i < ports.size(); i++) {
            var path = Problems.at("ports", i);
            var port = ports.get(i);
            var name = port.path("name").asText("");
            if (!name.isEmpty()) {
                problems.invalid(path + ".name", name, Names.dns1123Label(name));
            }
            if (!names.add(name)) {
                problems.duplicate(path + ".name", name);
            }
            problems.oneOf(path + ".protocol", port.path("protocol").asText(""), PROTOCOLS);
            if (port.has("appProtocol")) {
                var application = port.path("appProtocol").asText();
                problems.invalid(path + ".appProtocol", application, Names.qualifiedName(application));
            }
        }
    }

    @Override
    public List<String> warnings(ObjectNode slice) {
        return slice.path("addressType").asText("").equals("FQDN")
                ? List.of("spec.addressType: FQDN endpoints are deprecated")
                : ofAddresses(slice);
    }

    @Override
    public List<String> warnings(ObjectNode slice, ObjectNode stored) {
        return ofAddresses(slice);
    }

    /// What controllers write has been put right.
    private static List<String> ofAddresses(ObjectNode slice) {
        if (CONTROLLERS.contains(
                slice.path("metadata").path("labels").path(MANAGER).asText(""))) {
            return List.of();
        }
        var warnings = new ArrayList<String>();
        var endpoints = slice.path("endpoints");
        for (int i = 0; i < endpoints.size(); i++) {
            var path = Problems.at("endpoints", i) + ".addresses";
            var addresses = endpoints.get(i).path("addresses");
            for (int j = 0; j < addresses.size(); j++) {
                var at = Problems.at(path, j);
                warnings.addAll(AddressWarnings.ofIp(at, addresses.get(j).asText()));
            }
        }
        return warnings;
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
