package dev.kapal.model.codec;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Schema;
import java.util.Optional;

/// Upstream's messages name Go types; this is how they are called for a schema and for a value.
public final class GoNames {
    private GoNames() {}

    /// What a decode error calls a JSON value.
    public static String ofValue(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "object";
            case ARRAY -> "array";
            case STRING -> "string";
            case BOOLEAN -> "bool";
            case NUMBER -> "number";
            default -> "null";
        };
    }

    /// `DeploymentSpec` of `io.k8s.api.apps.v1.DeploymentSpec`.
    static String simple(Schema schema) {
        return schema.name().substring(schema.name().lastIndexOf('.') + 1);
    }

    static String ofType(Schema schema) {
        return switch (schema.type()) {
            case STRING -> scalar(schema);
            case INTEGER -> schema.format().isEmpty() ? "int" : schema.format();
            case NUMBER -> "float64";
            case BOOLEAN -> "bool";
            case ARRAY -> "[]" + element(schema.items());
            case OBJECT ->
                schema.name().isEmpty() ? "map[string]" + element(schema.additionalProperties()) : qualified(schema);
            case INT_OR_STRING -> "intstr.IntOrString";
            case QUANTITY -> "resource.Quantity";
            case ANY -> "interface {}";
        };
    }

    private static String scalar(Schema schema) {
        return switch (schema.format()) {
            case "byte" -> "[]uint8";
            case "date-time" -> "v1." + simple(schema);
            default -> "string";
        };
    }

    private static String element(Optional<Schema> schema) {
        return schema.map(GoNames::ofType).orElse("interface {}");
    }

    /// `v1.PodSpec` of `io.k8s.api.core.v1.PodSpec`.
    private static String qualified(Schema schema) {
        var parts = schema.name().split("\\.");
        return parts.length < 2 ? schema.name() : parts[parts.length - 2] + "." + parts[parts.length - 1];
    }
}
