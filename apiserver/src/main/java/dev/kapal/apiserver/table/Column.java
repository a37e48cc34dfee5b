package dev.kapal.apiserver.table;

/// One column of a table.
///
/// @param format `name` for the column that identifies the object, otherwise empty
/// @param priority 0 is always shown, greater ones only in wide output
public record Column(String name, String type, String format, String description, int priority) {

    static Column ofName() {
        return new Column(
                "Name",
                "string",
                "name",
                "Name must be unique within a namespace. Is required when creating resources, although some resources"
                        + " may allow a client to request the generation of an appropriate name automatically. Name is"
                        + " primarily intended for creation idempotence and configuration definition. Cannot be"
                        + " updated. More info:"
                        + " https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names",
                0);
    }

    static Column ofAge() {
        return text("Age", "When the object came into being.");
    }

    static Column text(String name, String description) {
        return new Column(name, "string", "", description, 0);
    }

    static Column number(String name, String description) {
        return new Column(name, "integer", "", description, 0);
    }

    /// Shown in wide output only.
    Column wide() {
        return new Column(name, type, format, description, 1);
    }
}
