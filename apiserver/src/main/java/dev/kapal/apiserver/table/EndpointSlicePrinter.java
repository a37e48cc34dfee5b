package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;

/// Name, type of address, ports, the first addresses, age.
final class EndpointSlicePrinter implements Printer {
    @Override
    public void print(ObjectNode slice, Instant now, ArrayNode cells) {
        var ports = new ArrayList<String>();
        for (var port : slice.path("ports")) {
            ports.add(
                    port.has("port")
                            ? port.get("port").asText()
                            : port.path("name").asText("*"));
        }
        var addresses = new ArrayList<String>();
        slice.path("endpoints").forEach(endpoint -> addresses.addAll(Cells.texts(endpoint.path("addresses"))));
        cells.add(Cells.name(slice))
                .add(slice.path("addressType").asText(""))
                .add(orUnset(Cells.some(ports, "")))
                .add(orUnset(Cells.some(addresses, "")))
                .add(Cells.age(slice, now));
    }

    private static String orUnset(String text) {
        return text.isEmpty() ? Cells.UNSET : text;
    }
}
