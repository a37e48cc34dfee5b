package dev.kapal.model.openapi;

/// The two versions of OpenAPI that are written, and where each keeps its definitions.
enum Dialect {
    V2("#/definitions/"),
    V3("#/components/schemas/");

    private final String prefix;

    Dialect(String prefix) {
        this.prefix = prefix;
    }

    String reference(String definition) {
        return prefix + definition;
    }
}
