package dev.kapal.model.patch;

import com.fasterxml.jackson.databind.JsonNode;

/// Equality of JSON values: numbers by value, objects whatever the order of their fields.
final class JsonEquality {
    private JsonEquality() {}

    static boolean same(JsonNode left, JsonNode right) {
        return left.equals(
                (a, b) -> {
                    if (a.isNumber() && b.isNumber()) {
                        return a.decimalValue().compareTo(b.decimalValue());
                    }
                    return a.equals(b) ? 0 : 1;
                },
                right);
    }
}
