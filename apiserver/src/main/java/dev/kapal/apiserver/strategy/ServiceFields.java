package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;

/// The fields of a service that hang together: what a type needs, what it cannot have, and what lives under two names.
final class ServiceFields {
    /// An index of our own, not selectable: protocol and number of each node port, comma-separated.
    static final String NODE_PORTS = "spec.ports.nodePort";

    private ServiceFields() {}

    static boolean hasClusterIp(JsonNode spec) {
        return !spec.path("type").asText("").equals("ExternalName");
    }

    static boolean isHeadless(JsonNode spec) {
        return spec.path("clusterIP").asText("").equals(ServiceStrategy.NONE);
    }

    static boolean hasNodePorts(JsonNode spec) {
        var type = spec.path("type").asText("");
        return type.equals("NodePort")
                || type.equals("LoadBalancer")
                        && spec.path("allocateLoadBalancerNodePorts").asBoolean(true);
    }

    /// `clusterIP` and the first of `clusterIPs` are one thing under two names.
    static void matchClusterIps(ObjectNode service) {
        if (!(service.get("spec") instanceof ObjectNode spec)) {
            return;
        }
        var single = spec.path("clusterIP").asText("");
        var first = spec.path("clusterIPs").path(0).asText("");
        if (!single.isEmpty() && first.isEmpty()) {
            spec.putArray("clusterIPs").add(single);
        } else if (single.isEmpty() && !first.isEmpty()) {
            spec.put("clusterIP", first);
        }
    }

    /// What the type cannot have goes.
    static void dropForType(ObjectNode service) {
        if (!(service.get("spec") instanceof ObjectNode spec)) {
            return;
        }
        if (!hasClusterIp(spec)) {
            for (var field : new String[] {
                "clusterIP",
                "clusterIPs",
                "ipFamilies",
                "ipFamilyPolicy",
                "internalTrafficPolicy",
                "externalTrafficPolicy"
            }) {
                spec.remove(field);
            }
        } else {
            if (!spec.has("ipFamilies")) {
                spec.putArray("ipFamilies").add("IPv4");
            }
            if (!spec.has("ipFamilyPolicy")) {
                spec.put("ipFamilyPolicy", "SingleStack");
            }
        }
        if (spec.path("type").asText("").equals("ClusterIP")) {
            spec.remove("allocateLoadBalancerNodePorts");
            if (spec.path("externalIPs").isEmpty()) {
                spec.remove("externalTrafficPolicy");
            }
        }
    }

    /// What an update leaves out but the server gave stays: addresses, and node ports of ports that stay.
    static void takeOver(ObjectNode incoming, ObjectNode stored) {
        if (!(incoming.get("spec") instanceof ObjectNode spec) || !(stored.get("spec") instanceof ObjectNode before)) {
            return;
        }
        if (hasClusterIp(spec) && hasClusterIp(before)) {
            takeOverAddress(spec, before);
        }
        if (hasNodePorts(spec) && hasNodePorts(before)) {
            takeOverNodePorts(spec, before);
        } else if (!hasNodePorts(spec) && hasNodePorts(before)) {
            dropNodePorts(spec, before);
        }
    }

    private static void takeOverAddress(ObjectNode spec, ObjectNode before) {
        if (spec.path("clusterIP").asText("").isEmpty()
                && spec.path("clusterIPs").isEmpty()) {
            Copies.field("clusterIP", before, spec);
            Copies.field("clusterIPs", before, spec);
        } else if (spec.path("clusterIPs").isEmpty() && spec.path("clusterIP").equals(before.path("clusterIP"))) {
            Copies.field("clusterIPs", before, spec);
        } else if (!spec.path("clusterIP").equals(before.path("clusterIP"))
                && spec.path("clusterIPs").equals(before.path("clusterIPs"))) {
            spec.remove("clusterIPs"); // the client changed one name of the two
        }
        for (var field : new String[] {"ipFamilies", "ipFamilyPolicy"}) {
            if (!spec.has(field)) {
                Copies.field(field, before, spec);
            }
        }
    }

    private static void takeOverNodePorts(ObjectNode spec, ObjectNode before) {
        for (var port : spec.path("ports")) {
            if (port.path("nodePort").asInt(0) == 0) {
                for (var old : before.path("ports")) {
                    if (old.path("port").equals(port.path("port"))
                            && old.path("protocol").equals(port.path("protocol"))
                            && old.path("nodePort").asInt(0) != 0) {
                        ((ObjectNode) port).set("nodePort", old.get("nodePort"));
                    }
                }
            }
        }
    }

    /// A change to a type without node ports gives them back, when the client left them as they were.
    private static void dropNodePorts(ObjectNode spec, ObjectNode before) {
        for (var port : spec.path("ports")) {
            for (var old : before.path("ports")) {
                if (port.has("nodePort") && port.get("nodePort").equals(old.path("nodePort"))) {
                    ((ObjectNode) port).remove("nodePort");
                }
            }
        }
    }

    static String nodePorts(JsonNode spec) {
        var ports = new ArrayList<String>();
        for (var port : spec.path("ports")) {
            if (port.path("nodePort").asInt(0) != 0) {
                ports.add(port.path("protocol").asText("TCP")
                        + port.get("nodePort").asInt());
            }
        }
        return String.join(",", ports);
    }
}
