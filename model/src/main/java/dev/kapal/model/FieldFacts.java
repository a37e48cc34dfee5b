package dev.kapal.model;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What is said of one field and not of its type.
///
/// @param defaultValue JSON text, empty for none
/// @param zeroIsAbsent whether 0 and false are the same as absent
/// @param keepsEmpty whether an empty text differs from an absent one
record FieldFacts(
        boolean atomic,
        Schema.ListType listType,
        List<String> listMapKeys,
        Set<String> patchStrategy,
        String patchMergeKey,
        String defaultValue,
        boolean zeroIsAbsent,
        boolean keepsEmpty,
        List<String> enums) {

    static final FieldFacts NONE =
            new FieldFacts(false, Schema.ListType.ATOMIC, List.of(), Set.of(), "", "", false, false, List.of());

    static FieldFacts read(DataInputStream in) throws IOException {
        return new FieldFacts(
                in.readBoolean(),
                Schema.ListType.values()[in.readByte()],
                texts(in),
                new LinkedHashSet<>(texts(in)),
                in.readUTF(),
                in.readUTF(),
                in.readBoolean(),
                in.readBoolean(),
                texts(in));
    }

    private static List<String> texts(DataInputStream in) throws IOException {
        int count = in.readByte();
        if (count == 0) {
            return List.of();
        }
        var texts = new ArrayList<String>(count);
        for (int i = 0; i < count; i++) {
            texts.add(in.readUTF());
        }
        return List.copyOf(texts);
    }
}
