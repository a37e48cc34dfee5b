package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.TreeSet;

/// Name, status, roles, age, version; wide: addresses and what runs there.
final class NodePrinter implements Printer {
    private static final String ROLE_PREFIX = "node-role.kubernetes.io/";

    @Override
    public void print(ObjectNode node, Instant now, ArrayNode cells) {
        var status = node.path("status");
        var info = status.path("nodeInfo");
        cells.add(Cells.name(node))
                .add(status(node))
                .add(roles(node.path("metadata").path("labels")))
                .add(Cells.age(node, now))
                .add(info.path("kubeletVersion").asText(""))
                .add(address(status, "InternalIP"))
                .add(address(status, "ExternalIP"))
                .add(Cells.or(info.path("osImage"), Cells.UNKNOWN))
                .add(Cells.or(info.path("kernelVersion"), Cells.UNKNOWN))
                .add(Cells.or(info.path("containerRuntimeVersion"), Cells.UNKNOWN));
    }

    private static String status(JsonNode node) {
        var ready = "Unknown";
        for (var condition : node.path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                ready = condition.path("status").asText().equals("True") ? "Ready" : "NotReady";
            }
        }
        return node.path("spec").path("unschedulable").asBoolean() ? ready + ",SchedulingDisabled" : ready;
    }

    private static String roles(JsonNode labels) {
        var roles = new TreeSet<String>();
        for (var label : labels.properties()) {
            if (label.getKey().startsWith(ROLE_PREFIX) && label.getKey().length() > ROLE_PREFIX.length()) {
                roles.add(label.getKey().substring(ROLE_PREFIX.length()));
            } else if (label.getKey().equals("kubernetes.io/role")
                    && !label.getValue().asText().isEmpty()) {
                roles.add(label.getValue().asText());
            }
        }
        return roles.isEmpty() ? Cells.NONE : String.join(",", roles);
    }

    private static String address(JsonNode status, String type) {
        for (var address : status.path("addresses")) {
            if (address.path("type").asText().equals(type)) {
                return address.path("address").asText();
            }
        }
        return Cells.NONE;
    }
}
