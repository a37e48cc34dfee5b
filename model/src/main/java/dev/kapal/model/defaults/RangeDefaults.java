package dev.kapal.model.defaults;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// What a limit range says by saying something else. Source: core/v1 API reference, LimitRangeItem.
final class RangeDefaults {
    private RangeDefaults() {}

    /// Of containers, the greatest is the usual limit, and the usual limit, or else the least, the usual request.
    static void item(ObjectNode item) {
        if (!item.path("type").asText().equals("Container")) {
            return;
        }
        fill(item, "default", "max");
        fill(item, "defaultRequest", "default");
        fill(item, "defaultRequest", "min");
    }

    private static void fill(ObjectNode item, String into, String from) {
        if (item.path(from).isEmpty()) {
            return;
        }
        var target = item.withObjectProperty(into);
        item.path(from).properties().forEach(amount -> target.putIfAbsent(amount.getKey(), amount.getValue()));
    }
}
