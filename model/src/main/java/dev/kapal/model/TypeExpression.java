package dev.kapal.model;

import java.io.DataInputStream;
import java.io.IOException;

/// How a field names its type.
sealed interface TypeExpression {

    record Scalar(Schema.Type type, String format) implements TypeExpression {}

    record Reference(String definition) implements TypeExpression {}

    record ListOf(TypeExpression item) implements TypeExpression {}

    record MapOf(TypeExpression value) implements TypeExpression {}

    static TypeExpression reference(String definition) {
        return new Reference(definition);
    }

    static TypeExpression read(DataInputStream in) throws IOException {
        char tag = (char) in.readByte();
        return switch (tag) {
            case 'S' -> new Scalar(Schema.Type.values()[in.readByte()], in.readUTF());
            case 'R' -> new Reference(in.readUTF());
            case 'L' -> new ListOf(read(in));
            case 'M' -> new MapOf(read(in));
            default -> throw new IOException("schema file is damaged: type tag " + tag);
        };
    }
}
