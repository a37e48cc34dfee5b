package dev.kapal.apiserver.table;

import dev.kapal.apiserver.api.ApiException;

/// How much of the object a table's row carries.
public enum IncludeObject {
    NONE,
    METADATA,
    OBJECT;

    /// Reads the query parameter; absent means metadata.
    public static IncludeObject of(String text) {
        return switch (text) {
            case "None" -> NONE;
            case "", "Metadata" -> METADATA;
            case "Object" -> OBJECT;
            default ->
                throw ApiException.badRequest(
                        "invalid includeObject: " + text + ", must be one of None, Metadata, Object");
        };
    }
}
