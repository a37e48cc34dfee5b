package dev.kapal.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.GoText;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/// One thing that is wrong with a document: upstream's `field.Error`.
///
/// @param path where: `spec.containers[0].name`
/// @param value the offending value: text, number, boolean, a document node, [Plain], null, or [#OMITTED]
/// @param detail a sentence, or empty
public record Problem(Type type, String path, Object value, String detail) {

    /// A value that the message leaves out.
    public static final Object OMITTED = new Object() {
        @Override
        public String toString() {
            return "omitted";
        }
    };

    /// The closed set of causes. The reason is what a `Status` cause carries, the title what people read.
    public enum Type {
        NOT_FOUND("FieldValueNotFound", "Not found"),
        REQUIRED("FieldValueRequired", "Required value"),
        DUPLICATE("FieldValueDuplicate", "Duplicate value"),
        INVALID("FieldValueInvalid", "Invalid value"),
        NOT_SUPPORTED("FieldValueNotSupported", "Unsupported value"),
        FORBIDDEN("FieldValueForbidden", "Forbidden"),
        TOO_LONG("FieldValueTooLong", "Too long"),
        TOO_MANY("FieldValueTooMany", "Too many"),
        INTERNAL("InternalError", "Internal error"),
        TYPE_INVALID("FieldValueTypeInvalid", "Invalid value");

        private final String reason;
        private final String title;

        Type(String reason, String title) {
            this.reason = reason;
            this.title = title;
        }

        public String reason() {
            return reason;
        }

        public String title() {
            return title;
        }
    }

    public static Problem required(String path, String detail) {
        return new Problem(Type.REQUIRED, path, "", detail);
    }

    public static Problem invalid(String path, Object value, String detail) {
        return new Problem(Type.INVALID, path, value, detail);
    }

    /// Supported values of a list keep its order, those of a set are listed alphabetically.
    public static Problem notSupported(String path, Object value, Collection<String> supported) {
        var ordered = supported instanceof List
                ? supported.stream()
                : supported.stream().sorted();
        var list = ordered.map(GoText::quote).collect(Collectors.joining(", "));
        return new Problem(Type.NOT_SUPPORTED, path, value, list.isEmpty() ? "" : "supported values: " + list);
    }

    public static Problem forbidden(String path, String detail) {
        return new Problem(Type.FORBIDDEN, path, "", detail);
    }

    public static Problem duplicate(String path, Object value) {
        return new Problem(Type.DUPLICATE, path, value, "");
    }

    public static Problem notFound(String path, Object value) {
        return new Problem(Type.NOT_FOUND, path, value, "");
    }

    public static Problem tooLong(String path, int maxBytes) {
        return new Problem(Type.TOO_LONG, path, "", "may not be more than " + maxBytes + " bytes");
    }

    public static Problem tooMany(String path, int actual, int max) {
        return new Problem(Type.TOO_MANY, path, actual, "must have at most " + max + (max == 1 ? " item" : " items"));
    }

    /// A value that upstream shows without quotes.
    public record Plain(String text) {}

    /// With the path: `spec.replicas: Invalid value: -1: must be greater than or equal to 0`.
    public String message() {
        return path + ": " + body();
    }

    /// Without the path, as a `Status` cause carries it.
    public String body() {
        var text = showsValue() ? type.title() + ": " + shown() : type.title();
        return detail.isEmpty() ? text : text + ": " + detail;
    }

    private boolean showsValue() {
        return switch (type) {
            case REQUIRED, FORBIDDEN, TOO_LONG, INTERNAL -> false;
            default -> value != OMITTED;
        };
    }

    private String shown() {
        return switch (value) {
            case null -> "null";
            case JsonNode node when node.isMissingNode() -> "null";
            case JsonNode node when node.isTextual() -> GoText.quote(node.textValue());
            case JsonNode node -> Documents.text(node);
            case Number number -> number.toString();
            case Boolean bool -> bool.toString();
            case Plain plain -> plain.text();
            default -> GoText.quote(value.toString());
        };
    }
}
