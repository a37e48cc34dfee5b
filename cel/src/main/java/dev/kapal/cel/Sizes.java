package dev.kapal.cel;

import dev.kapal.model.Schema;

/// How large the values of a schema can be, in one request. Source: Kubernetes' estimates for
/// `x-kubernetes-validations`.
final class Sizes {
    private static final long REQUEST = 3 * 1024 * 1024 - 2;
    private static final int BYTES_PER_CHARACTER = 4;

    private Sizes() {}

    /// The most characters, items or entries.
    static double largest(Schema schema) {
        return switch (schema.type()) {
            case STRING, QUANTITY -> text(schema);
            case INT_OR_STRING -> REQUEST;
            case ARRAY ->
                schema.maxSize()
                        .orElseGet(() -> REQUEST / (smallest(schema.items().orElseThrow()) + 1));
            case OBJECT -> {
                var values = schema.additionalProperties();
                yield values.isEmpty() ? 0 : schema.maxSize().orElseGet(() -> REQUEST / (smallest(values.get()) + 6));
            }
            case INTEGER, NUMBER, BOOLEAN, ANY -> 0;
        };
    }

    private static double text(Schema schema) {
        switch (schema.format()) {
            case "date" -> {
                return 12;
            }
            case "date-time", "duration" -> {
                return 32;
            }
            case "byte" -> {
                return schema.maxSize().orElse(REQUEST);
            }
            default -> {}
        }
        if (schema.maxSize().isPresent()) {
            return (double) schema.maxSize().getAsLong() * BYTES_PER_CHARACTER;
        }
        return schema.enums().stream().mapToInt(String::length).max().orElse((int) REQUEST);
    }

    /// The fewest bytes that a value takes.
    static long smallest(Schema schema) {
        return switch (schema.type()) {
            case BOOLEAN -> 4;
            case INTEGER, NUMBER, INT_OR_STRING -> 1;
            case STRING ->
                switch (schema.format()) {
                    case "date" -> 12;
                    case "date-time" -> 21;
                    case "duration" -> 3;
                    default -> 2;
                };
            case OBJECT -> {
                long size = 2;
                for (var name : schema.required()) {
                    var field = schema.properties().get(name);
                    if (field != null && field.defaultValue().isEmpty()) {
                        size += name.length() + smallest(field) + 4;
                    }
                }
                yield size;
            }
            case ARRAY, QUANTITY, ANY -> 2;
        };
    }

    /// How often a value can occur in one request.
    static double occurrences(Schema schema) {
        return REQUEST / (smallest(schema) + 1.0);
    }
}
