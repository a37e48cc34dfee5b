package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.function.Predicate;

/// The fields of a service that hang together: what a type needs, what it cannot have, and what lives under two names.
final class ServiceFields {
    /// An index of our own, not selectable: protocol and number of each node port, comma-separated.
    static final String NODE_PORTS = "spec.ports.nodePort";

    private static final String HEALTH_CHECK = "healthCheckNodePort";

    private ServiceFields() {}

    static boolean hasClusterIp(JsonNode spec) {
        return !spec.path("type").asText("").equals("ExternalName");
    }

    static boolean isHeadless(JsonNode spec) {
        var addresses = spec.path("clusterIPs");
        return addresses.size() == 1 && addresses.get(0).asText().equals(ServiceStrategy.NONE);
    }

    /// Whether the type can have node ports, given or not.
    static boolean mayHaveNodePorts(JsonNode spec) {
        var type = spec.path("type").asText("");
        return type.equals("NodePort") || type.equals("LoadBalancer");
    }

    /// Whether ports without a node port get one.
    static boolean hasNodePorts(JsonNode spec) {
        return mayHaveNodePorts(spec)
                && (spec.path("type").asText("").equals("NodePort")
                        || spec.path("allocateLoadBalancerNodePorts").asBoolean(true));
    }

    /// Whether traffic comes from outside.
    static boolean isExternal(JsonNode spec) {
        return mayHaveNodePorts(spec)
                || spec.path("type").asText("").equals("ClusterIP")
                        && !spec.path("externalIPs").isEmpty();
    }

    /// Whether a balancer must ask which nodes have endpoints.
    static boolean hasHealthCheck(JsonNode spec) {
        return isBalanced(spec) && spec.path("externalTrafficPolicy").asText("").equals("Local");
    }

    private static boolean isBalanced(JsonNode spec) {
        return spec.path("type").asText("").equals("LoadBalancer");
    }

    static String family(InetAddress address) {
        return address.getAddress().length == 4 ? "IPv4" : "IPv6";
    }

    /// `clusterIP` and the first of `clusterIPs` are one thing under two names, of which a new service may say the
    /// first alone.
    static void matchClusterIps(ObjectNode service) {
        if (service.get("spec") instanceof ObjectNode spec
                && !spec.path("clusterIP").asText("").isEmpty()
                && spec.path("clusterIPs").isEmpty()) {
            spec.putArray("clusterIPs").add(spec.get("clusterIP"));
        }
    }

    /// What an update leaves out but the server gave stays; what it leaves as it was goes with the type that needed it.
    static void takeOver(ObjectNode incoming, ObjectNode stored) {
        if (incoming.get("spec") instanceof ObjectNode spec && stored.get("spec") instanceof ObjectNode before) {
            if (hasClusterIp(spec) && hasClusterIp(before)) {
                takeOverAddress(spec, before);
            }
            if (mayHaveNodePorts(spec) && mayHaveNodePorts(before)) {
                takeOverNodePorts(spec, before);
            }
            if (hasHealthCheck(spec)
                    && hasHealthCheck(before)
                    && spec.path(HEALTH_CHECK).asInt(0) == 0) {
                Copies.field(HEALTH_CHECK, before, spec);
            }
            dropForType(spec, before);
        }
    }

    private static void takeOverAddress(ObjectNode spec, ObjectNode before) {
        boolean sameList = spec.path("clusterIPs").equals(before.path("clusterIPs"));
        boolean same = spec.path("clusterIP").equals(before.path("clusterIP"));
        if (spec.path("clusterIP").asText("").isEmpty()) {
            if (spec.path("clusterIPs").isEmpty() || sameList) {
                Copies.field("clusterIP", before, spec);
                Copies.field("clusterIPs", before, spec);
            } else {
                spec.put("clusterIP", spec.path("clusterIPs").path(0).asText());
            }
        } else if (spec.path("clusterIPs").isEmpty() && same) {
            Copies.field("clusterIPs", before, spec);
        } else if (!same && sameList) {
            spec.putArray("clusterIPs").add(spec.get("clusterIP")); // the client changed one name of the two
        } else if (same && !sameList && !spec.path("clusterIPs").isEmpty()) {
            spec.put("clusterIP", spec.get("clusterIPs").get(0).asText());
        }
        for (var field : List.of("ipFamilies", "ipFamilyPolicy")) {
            if (!spec.has(field)) {
                Copies.field(field, before, spec);
            }
        }
    }

    /// By the names of ports, unless another port has taken the number.
    private static void takeOverNodePorts(ObjectNode spec, ObjectNode before) {
        var used = new HashSet<Integer>();
        spec.path("ports").forEach(port -> used.add(port.path("nodePort").asInt(0)));
        var known = new HashMap<String, JsonNode>();
        before.path("ports").forEach(port -> known.put(port.path("name").asText(""), port));
        for (var port : spec.path("ports")) {
            var old = known.get(port.path("name").asText(""));
            boolean missing = port.path("nodePort").asInt(0) == 0;
            if (missing && old != null && !used.contains(old.path("nodePort").asInt(0)) && old.has("nodePort")) {
                ((ObjectNode) port).set("nodePort", old.get("nodePort"));
            }
        }
    }

    /// The server may have filled in what a type needs; a change of the type takes it away, if the client left it as
    /// it was.
    private static void dropForType(ObjectNode spec, ObjectNode before) {
        if (hasClusterIp(before) && !hasClusterIp(spec)) {
            if (spec.path("clusterIPs").equals(before.path("clusterIPs"))
                    && spec.path("clusterIP").equals(before.path("clusterIP"))) {
                spec.remove(List.of("clusterIP", "clusterIPs"));
            }
            dropSame(spec, before, "ipFamilies");
            dropSame(spec, before, "ipFamilyPolicy");
        }
        if (mayHaveNodePorts(before)
                && !mayHaveNodePorts(spec)
                && nodePorts(spec.path("ports")).equals(nodePorts(before.path("ports")))) {
            spec.path("ports").forEach(port -> ((ObjectNode) port).remove("nodePort"));
        }
        dropUnneeded(spec, before, ServiceFields::hasHealthCheck, HEALTH_CHECK);
        dropUnneeded(spec, before, ServiceFields::isBalanced, "allocateLoadBalancerNodePorts");
        dropUnneeded(spec, before, ServiceFields::isBalanced, "loadBalancerClass");
        dropUnneeded(spec, before, ServiceFields::isExternal, "externalTrafficPolicy");
    }

    private static void dropUnneeded(ObjectNode spec, ObjectNode before, Predicate<JsonNode> needs, String field) {
        if (needs.test(before) && !needs.test(spec)) {
            dropSame(spec, before, field);
        }
    }

    private static void dropSame(ObjectNode spec, ObjectNode before, String field) {
        if (spec.path(field).equals(before.path(field))) {
            spec.remove(field);
        }
    }

    private static List<Integer> nodePorts(JsonNode ports) {
        var numbers = new ArrayList<Integer>();
        ports.forEach(port -> numbers.add(port.path("nodePort").asInt(0)));
        return numbers;
    }

    /// All that it takes on nodes, the port for health checks included.
    static String taken(JsonNode spec) {
        var ports = new ArrayList<String>();
        for (var port : spec.path("ports")) {
            if (port.path("nodePort").asInt(0) != 0) {
                ports.add(port.path("protocol").asText("TCP")
                        + port.get("nodePort").asInt());
            }
        }
        if (spec.path(HEALTH_CHECK).asInt(0) != 0) {
            ports.add("TCP" + spec.get(HEALTH_CHECK).asInt());
        }
        return String.join(",", ports);
    }
}
