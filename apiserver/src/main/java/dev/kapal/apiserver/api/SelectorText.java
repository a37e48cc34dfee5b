package dev.kapal.apiserver.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/// Label selectors of documents in the form in which queries carry them: `app=web,tier in (a,b)`.
public final class SelectorText {
    private SelectorText() {}

    /// Empty for a selector that chooses everything.
    public static String of(JsonNode selector) {
        var parts = new ArrayList<String>();
        labels(selector, parts); // a plain map, as replication controllers have it
        labels(selector.path("matchLabels"), parts);
        for (var expression : selector.path("matchExpressions")) {
            parts.add(expression(expression));
        }
        parts.sort(null);
        return String.join(",", parts);
    }

    private static void labels(JsonNode labels, List<String> parts) {
        labels.properties().stream()
                .filter(label -> label.getValue().isTextual())
                .forEach(label ->
                        parts.add(label.getKey() + "=" + label.getValue().asText()));
    }

    private static String expression(JsonNode expression) {
        var key = expression.path("key").asText();
        var sorted = new ArrayList<String>();
        expression.path("values").forEach(value -> sorted.add(value.asText()));
        sorted.sort(null);
        var values = " (" + String.join(",", sorted) + ")";
        return switch (expression.path("operator").asText()) {
            case "In" -> key + " in" + values;
            case "NotIn" -> key + " notin" + values;
            case "DoesNotExist" -> "!" + key;
            default -> key;
        };
    }
}
