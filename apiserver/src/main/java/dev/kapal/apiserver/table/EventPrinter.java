package dev.kapal.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Locale;

/// Last seen, type, reason, object, message; wide: where from, since when, how often.
final class EventPrinter implements Printer {
    @Override
    public void print(ObjectNode event, Instant now, ArrayNode cells) {
        var first = Cells.since(event.path(has(event, "firstTimestamp") ? "firstTimestamp" : "eventTime"), now);
        var last = has(event, "lastTimestamp") ? Cells.since(event.path("lastTimestamp"), now) : first;
        int count = event.path("count").asInt(0);
        if (event.has("series")) {
            last = Cells.since(event.path("series").path("lastObservedTime"), now);
            count = event.path("series").path("count").asInt(0);
        } else if (count == 0) {
            count = 1;
        }
        cells.add(last)
                .add(event.path("type").asText(""))
                .add(event.path("reason").asText(""))
                .add(target(event.path("involvedObject")))
                .add(event.path("involvedObject").path("fieldPath").asText(""))
                .add(source(event))
                .add(event.path("message").asText("").strip())
                .add(first)
                .add(count)
                .add(Cells.name(event));
    }

    private static boolean has(JsonNode event, String timestamp) {
        return event.hasNonNull(timestamp);
    }

    private static String target(JsonNode involved) {
        var kind = involved.path("kind").asText("").toLowerCase(Locale.ROOT);
        var name = involved.path("name").asText("");
        return name.isEmpty() ? kind : kind + "/" + name;
    }

    private static String source(JsonNode event) {
        var component = Cells.or(
                event.path("source").path("component"),
                event.path("reportingComponent").asText(""));
        var instance = Cells.or(
                event.path("source").path("host"),
                event.path("reportingInstance").asText(""));
        return instance.isEmpty() ? component : component + ", " + instance;
    }
}
