package dev.kapal.cel;

import dev.kapal.model.Schema;
import java.util.Optional;

/// How large a value can be, and what is in it. Immutable.
sealed interface Extent {
    /// The most characters, items or entries.
    double largest();

    boolean isText();

    /// A field of an object or the value under a key.
    Optional<Extent> field(String name);

    /// The items of a list.
    Optional<Extent> items();

    /// The keys of a map, if something is known of them.
    Optional<Extent> keys();

    /// The values of a map.
    Optional<Extent> values();

    /// Empty when nothing is known.
    static Optional<Extent> of(ValueType type) {
        return switch (type) {
            case ValueType.Typed(var _, var schema) -> Optional.of(new OfSchema(schema));
            case ValueType.OptionalOf(var inner) -> of(inner);
            case ValueType.Struct _, ValueType.Sized _, ValueType.SizedMap _ -> Optional.of(new OfType(type));
            default -> Optional.empty();
        };
    }

    /// As a schema says.
    record OfSchema(Schema schema) implements Extent {
        @Override
        public double largest() {
            return Sizes.largest(schema);
        }

        @Override
        public boolean isText() {
            return schema.type() == Schema.Type.STRING;
        }

        @Override
        public Optional<Extent> field(String name) {
            return schema.property(name).or(schema::additionalProperties).map(OfSchema::new);
        }

        @Override
        public Optional<Extent> items() {
            return schema.items().map(OfSchema::new);
        }

        @Override
        public Optional<Extent> keys() {
            return Optional.empty();
        }

        @Override
        public Optional<Extent> values() {
            return schema.additionalProperties().map(OfSchema::new);
        }
    }

    /// As our own types say.
    record OfType(ValueType type) implements Extent {
        @Override
        public double largest() {
            return switch (type) {
                case ValueType.Sized(var _, long largest) -> largest;
                case ValueType.SizedMap(long _, var _, long entries) -> entries;
                default -> 0;
            };
        }

        @Override
        public boolean isText() {
            return type instanceof ValueType.Sized(var inner, long _) && inner == ValueType.Plain.STRING;
        }

        @Override
        public Optional<Extent> field(String name) {
            return type instanceof ValueType.Struct(var _, var fields)
                    ? Optional.ofNullable(fields.get(name)).flatMap(Extent::of)
                    : values();
        }

        @Override
        public Optional<Extent> items() {
            return Optional.empty();
        }

        @Override
        public Optional<Extent> keys() {
            return type instanceof ValueType.SizedMap(long longest, var _, long _)
                    ? of(new ValueType.Sized(ValueType.Plain.STRING, longest))
                    : Optional.empty();
        }

        @Override
        public Optional<Extent> values() {
            return type instanceof ValueType.SizedMap(long _, var value, long _) ? of(value) : Optional.empty();
        }
    }
}
