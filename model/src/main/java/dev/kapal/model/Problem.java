package dev.kapal.model;

/// One thing that is wrong with a document: upstream's `field.Error`.
///
/// @param path where: `spec.containers[0].name`
/// @param value the offending value; null for types whose message does not show it
public record Problem(Type type, String path, Object value, String detail) {

    /// The closed set of causes. The name is what a `Status` cause carries in `reason`, the title what people read.
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

    /// With the path: `spec.replicas: Invalid value: -1: must be greater than or equal to 0`.
    public String message() {
        return path + ": " + body();
    }

    /// Without the path, as a `Status` cause carries it.
    public String body() {
        return type.title() + ": " + detail;
    }
}
