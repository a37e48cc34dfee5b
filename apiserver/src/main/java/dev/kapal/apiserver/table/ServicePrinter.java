package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;

/// Name, type, cluster IP, external IP, ports, age; wide: selector.
final class ServicePrinter implements Printer {
    @Override
    public void print(ObjectNode service, Instant now, ArrayNode cells) {
        var spec = service.path("spec");
        cells.add(Cells.name(service))
                .add(spec.path("type").asText(""))
                .add(Cells.orNone(spec.path("clusterIPs").path(0)))
                .add(externalAddress(service))
                .add(ports(spec.path("ports")))
                .add(Cells.age(service, now))
                .add(Cells.labels(spec.path("selector")));
    }

    private static String externalAddress(JsonNode service) {
        var spec = service.path("spec");
        var type = spec.path("type").asText("");
        if (type.equals("ExternalName")) {
            return spec.path("externalName").asText("");
        }
        var addresses = new ArrayList<String>();
        if (type.equals("LoadBalancer")) {
            addresses.addAll(Cells.balancers(service.path("status").path("loadBalancer")));
        }
        addresses.addAll(Cells.texts(spec.path("externalIPs")));
        if (!addresses.isEmpty()) {
            return String.join(",", addresses);
        }
        return type.equals("LoadBalancer") ? "<pending>" : Cells.NONE;
    }

    private static String ports(JsonNode ports) {
        var parts = new ArrayList<String>();
        for (var port : ports) {
            int nodePort = port.path("nodePort").asInt(0);
            parts.add(port.path("port").asInt() + (nodePort == 0 ? "" : ":" + nodePort) + "/"
                    + port.path("protocol").asText("TCP"));
        }
        return parts.isEmpty() ? Cells.NONE : String.join(",", parts);
    }
}
