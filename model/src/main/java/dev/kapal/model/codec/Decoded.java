package dev.kapal.model.codec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// What a body held.
///
/// @param duplicates one strict-decoding message for each key that stood twice in one object (`duplicate field
///   "spec.replicas"`); the last value won
public record Decoded(ObjectNode document, List<String> duplicates) {
    public Decoded {
        duplicates = List.copyOf(duplicates);
    }
}
