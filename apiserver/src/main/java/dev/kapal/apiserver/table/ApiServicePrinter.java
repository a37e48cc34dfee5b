package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/// Name, service, whether it is available, age.
final class ApiServicePrinter implements Printer {
    @Override
    public void print(ObjectNode object, Instant now, ArrayNode cells) {
        var service = object.path("spec").path("service");
        cells.add(Cells.name(object))
                .add(
                        service.isObject()
                                ? service.path("namespace").asText() + "/"
                                        + service.path("name").asText()
                                : "Local")
                .add(available(object))
                .add(Cells.age(object, now));
    }

    private static String available(ObjectNode object) {
        for (var condition : object.path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Available")) {
                String status = condition.path("status").asText();
                return status.equals("True")
                        ? status
                        : status + " (" + condition.path("reason").asText() + ")";
            }
        }
        return "Unknown";
    }
}
