package dev.kapal.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.MediaType;
import java.nio.charset.StandardCharsets;

/// Documents and types in few words.
public final class Trees {
    private Trees() {}

    /// From YAML, which JSON is too.
    public static ObjectNode tree(String yaml) {
        return new DocumentDecoder().decode(bytes(yaml), MediaType.YAML).document();
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static Schema core(String kind) {
        return SchemaLibrary.builtIn().schema("io.k8s.api.core.v1." + kind);
    }

    public static Schema apps(String kind) {
        return SchemaLibrary.builtIn().schema("io.k8s.api.apps.v1." + kind);
    }
}
