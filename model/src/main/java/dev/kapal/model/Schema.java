package dev.kapal.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// One compiled node of a type: an object with its fields, a list, a map or a scalar. Immutable; the types that a node
/// refers to are resolved on first use, so recursive types are possible and what nobody touches costs nothing. Any
/// thread.
public interface Schema {

    /// What a value is.
    enum Type {
        OBJECT,
        ARRAY,
        STRING,
        INTEGER,
        NUMBER,
        BOOLEAN,
        /// Integer or string (`IntOrString`).
        INT_OR_STRING,
        /// String or number (`Quantity`).
        QUANTITY,
        /// Anything goes, nothing is checked or pruned below.
        ANY
    }

    /// Who owns a list, for apply and structural merges.
    enum ListType {
        ATOMIC,
        SET,
        MAP
    }

    /// Definition name such as `io.k8s.api.core.v1.Pod`; empty for a type without a name of its own.
    String name();

    Type type();

    /// `int32`, `int64`, `double`, `date-time`, `byte`, `int-or-string`, or empty.
    String format();

    /// Fields of an object in alphabetical order; empty for maps.
    Map<String, Schema> properties();

    default Optional<Schema> property(String field) {
        return Optional.ofNullable(properties().get(field));
    }

    /// What a list holds.
    Optional<Schema> items();

    /// What a map holds.
    Optional<Schema> additionalProperties();

    /// Fields that must be present.
    Set<String> required();

    /// What the field is for (or the type, for a root). Loaded when first asked for.
    String description();

    List<String> enums();

    /// JSON text of the value that an absent field gets.
    Optional<String> defaultValue();

    /// Whether 0 and false are the same as absent: upstream cannot tell them apart in fields that are no pointers.
    default boolean zeroIsAbsent() {
        return false;
    }

    /// Whether an empty text is a value of its own and not the same as an absent one.
    default boolean keepsEmpty() {
        return false;
    }

    /// How a list is merged; atomic unless said otherwise.
    ListType listType();

    List<String> listMapKeys();

    /// Whether a map or an object is replaced as a whole.
    boolean isAtomic();

    /// `merge`, `replace`, `retainKeys` in any combination; empty means replace for lists.
    Set<String> patchStrategy();

    Optional<String> patchMergeKey();

    /// For the type of a document: the kinds that have it.
    List<GroupVersionKind> kinds();

    /// True when unknown fields are kept (`x-kubernetes-preserve-unknown-fields`).
    boolean preservesUnknownFields();

    /// The most characters, items or entries that a value may have, where the schema says so.
    default OptionalLong maxSize() {
        return OptionalLong.empty();
    }

    /// How documents of this type are brought into form; empty for types that have the form of their typed objects.
    default Optional<DocumentForm> form() {
        return Optional.empty();
    }
}
