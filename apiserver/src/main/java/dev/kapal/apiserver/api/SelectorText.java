package dev.kapal.apiserver.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;

/// Label selectors of documents in the form in which queries carry them: `app=web,tier in (a,b)`.
public final class SelectorText {
    private SelectorText() {}

    /// Empty for a selector that chooses everything.
    public static String of(JsonNode selector) {
        var parts = new ArrayList<String>();
        selector.path("matchLabels")
                .properties()
                .forEach(label ->
                        parts.add(label.getKey() + "=" + label.getValue().asText()));
        for (var expression : selector.path("matchExpressions")) {
            parts.add(expression(expression));
        }
        parts.sort(null);
        return String.join(",", parts);
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
