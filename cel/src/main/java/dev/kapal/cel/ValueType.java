package dev.kapal.cel;

import dev.cel.common.types.CelType;
import dev.kapal.model.Schema;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a variable of an expression may hold. Immutable.
public sealed interface ValueType {

    /// Types without parts.
    enum Plain implements ValueType {
        BOOL,
        INT,
        UINT,
        DOUBLE,
        STRING,
        BYTES,
        TIMESTAMP,
        DURATION,
        NULL,
        /// Anything; checked when evaluated.
        DYN,
        /// `authorizer`: an [Authorization].
        AUTHORIZER,
        /// `authorizer.requestResource`: an [Authorization.RequestResource].
        REQUEST_RESOURCE
    }

    record ListOf(ValueType item) implements ValueType {}

    /// Keys are strings.
    record MapOf(ValueType value) implements ValueType {}

    /// A value whose size has a limit; without one, expressions are taken for as dear as can be.
    ///
    /// @param largest in characters, if it is a string
    record Sized(ValueType type, long largest) implements ValueType {}

    /// A map whose size has a limit.
    ///
    /// @param longestKey in characters
    record SizedMap(long longestKey, ValueType value, long entries) implements ValueType {}

    /// A value that may be absent: an [java.util.Optional].
    record OptionalOf(ValueType value) implements ValueType {}

    /// What a schema describes; the fields of its objects are those that the schema names.
    ///
    /// @param name of the type in messages
    record Typed(String name, Schema schema) implements ValueType {}

    /// An object with these fields and no others.
    record Struct(String name, Map<String, ValueType> fields) implements ValueType {
        public Struct {
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }
    }

    /// An object whose fields may have any name and hold anything; types named `name.…` are such objects as well.
    record OpenStruct(String name) implements ValueType {}

    /// The type that the compiler found for an expression: what [CelProgram#type()] answers.
    record Checked(CelType type) implements ValueType {}
}
