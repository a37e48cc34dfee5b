package dev.kapal.model;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A named type: what all fields of this type share.
record TypeDefinition(
        SchemaLibrary library,
        String name,
        Schema.Type type,
        String format,
        boolean atomic,
        List<GroupVersionKind> kinds,
        Map<String, Schema> properties,
        Set<String> required) {

    private static final Schema.Type[] TYPES = Schema.Type.values();

    Schema root() {
        return new CompiledSchema(library, TypeExpression.reference(name), FieldFacts.NONE, name, 0);
    }

    /// Mirrors the writer in the generator.
    static TypeDefinition read(SchemaLibrary library, String name, DataInputStream in) throws IOException {
        var type = TYPES[in.readByte()];
        var format = in.readUTF();
        boolean atomic = in.readBoolean();
        List<GroupVersionKind> kinds = new ArrayList<>();
        for (int i = in.readByte(); i > 0; i--) {
            kinds.add(new GroupVersionKind(in.readUTF(), in.readUTF(), in.readUTF()));
        }
        var properties = new LinkedHashMap<String, Schema>();
        var required = new LinkedHashSet<String>();
        int count = in.available() > 0 ? in.readShort() : 0;
        for (int i = 1; i <= count; i++) {
            var field = in.readUTF();
            if (in.readBoolean()) {
                required.add(field);
            }
            var expression = TypeExpression.read(in);
            properties.put(field, new CompiledSchema(library, expression, FieldFacts.read(in), name, i));
        }
        return new TypeDefinition(
                library,
                name,
                type,
                format,
                atomic,
                List.copyOf(kinds),
                Collections.unmodifiableMap(properties),
                Collections.unmodifiableSet(required));
    }
}
