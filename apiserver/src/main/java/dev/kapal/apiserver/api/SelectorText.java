package dev.kapal.apiserver.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Label selectors of documents in the form in which queries carry them: `app=web,tier in (a,b)`.
public final class SelectorText {
    private record Part(String key, String text) {}

    private SelectorText() {}

    /// Empty for a selector that chooses everything. In the order of the keys, however they are compared.
    public static String of(JsonNode selector) {
        var parts = new ArrayList<Part>();
        labels(selector, parts); // a plain map, as replication controllers have it
        labels(selector.path("matchLabels"), parts);
        for (var expression : selector.path("matchExpressions")) {
            parts.add(new Part(expression.path("key").asText(), expression(expression)));
        }
        parts.sort(Comparator.comparing(Part::key));
        return String.join(",", parts.stream().map(Part::text).toList());
    }

    private static void labels(JsonNode labels, List<Part> parts) {
        labels.properties().stream()
                .filter(label -> label.getValue().isTextual())
                .forEach(label -> parts.add(new Part(
                        label.getKey(), label.getKey() + "=" + label.getValue().asText())));
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
