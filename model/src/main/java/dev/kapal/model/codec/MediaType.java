package dev.kapal.model.codec;

import java.util.Locale;
import java.util.Optional;

/// The encodings of documents that this server understands.
public enum MediaType {
    JSON("application/json"),
    YAML("application/yaml"),
    PROTOBUF("application/vnd.kubernetes.protobuf"),
    CBOR("application/cbor");

    private final String value;

    MediaType(String value) {
        this.value = value;
    }

    public String value() {
        return value;
    }

    /// From a `Content-Type` header, parameters ignored. Empty for what is not understood; no header means JSON.
    public static Optional<MediaType> of(String contentType) {
        var plain = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return switch (plain) {
            case "", "application/json" -> Optional.of(JSON);
            case "application/yaml", "application/x-yaml", "text/yaml" -> Optional.of(YAML);
            case "application/vnd.kubernetes.protobuf" -> Optional.of(PROTOBUF);
            case "application/cbor" -> Optional.of(CBOR);
            default -> Optional.empty();
        };
    }
}
