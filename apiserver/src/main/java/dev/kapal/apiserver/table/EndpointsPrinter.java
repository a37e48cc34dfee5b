package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Name, the first addresses with their ports, age.
final class EndpointsPrinter implements Printer {
    @Override
    public void print(ObjectNode endpoints, Instant now, ArrayNode cells) {
        var all = new ArrayList<String>();
        endpoints.path("subsets").forEach(subset -> collect(subset, all));
        cells.add(Cells.name(endpoints))
                .add(Cells.some(all, endpoints.path("subsets").isEmpty() ? Cells.NONE : ""))
                .add(Cells.age(endpoints, now));
    }

    private static void collect(JsonNode subset, List<String> all) {
        if (subset.path("ports").isEmpty()) {
            subset.path("addresses")
                    .forEach(address -> all.add(address.path("ip").asText()));
        }
        for (var port : subset.path("ports")) {
            for (var address : subset.path("addresses")) {
                var ip = address.path("ip").asText();
                all.add((ip.indexOf(':') < 0 ? ip : "[" + ip + "]") + ":"
                        + port.path("port").asInt());
            }
        }
    }
}
