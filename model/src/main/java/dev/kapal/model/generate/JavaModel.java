package dev.kapal.model.generate;

import java.util.List;
import java.util.Optional;

/// One model class as the class file tells it.
///
/// @param name simple name of the class, `V1Pod`
record JavaModel(String name, String description, List<Field> fields) {

    /// @param type generic signature, `Ljava/util/List<Ljava/lang/String;>;`
    record Field(String name, String type, String description, boolean required) {
        Field withRequired(boolean other) {
            return new Field(name, type, description, other);
        }
    }

    /// Whether documents of this type stand on their own: they say what they are.
    boolean isDocument() {
        return field("apiVersion").isPresent()
                && field("kind").isPresent()
                && field("metadata").isPresent();
    }

    Optional<Field> field(String name) {
        return fields.stream().filter(f -> f.name().equals(name)).findFirst();
    }
}
