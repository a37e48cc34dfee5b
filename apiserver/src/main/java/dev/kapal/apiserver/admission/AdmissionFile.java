package dev.kapal.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.admission.podsecurity.PodSecurityConfig;
import dev.kapal.apiserver.reload.KnownFields;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.MediaType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/// Reads an AdmissionConfiguration. PodSecurity is the one plugin that has one here. Source: API reference,
/// apiserver.config.k8s.io/v1.
public final class AdmissionFile {
    private static final Set<String> VERSIONS =
            Set.of("apiserver.config.k8s.io/v1", "apiserver.k8s.io/v1alpha1", "apiserver.config.k8s.io/v1alpha1");
    private static final KnownFields FIELDS = new KnownFields(
            Map.of("", Set.of("apiVersion", "kind", "plugins"), "plugins[]", Set.of("name", "path", "configuration")));

    private AdmissionFile() {}

    /// @throws IllegalArgumentException when the file makes no sense; its message is for the user
    public static PodSecurityConfig read(Path file) throws IOException {
        try {
            return podSecurity(file, document(file));
        } catch (DecodeException | IllegalArgumentException broken) {
            throw new IllegalArgumentException(file + ": " + broken.getMessage(), broken);
        }
    }

    private static JsonNode document(Path file) throws IOException {
        return new DocumentDecoder()
                .decode(Files.readAllBytes(file), MediaType.YAML)
                .document();
    }

    private static PodSecurityConfig podSecurity(Path file, JsonNode document) throws IOException {
        var version = document.path("apiVersion").asText();
        var kind = document.path("kind").asText();
        if (!VERSIONS.contains(version) || !kind.equals("AdmissionConfiguration")) {
            throw new IllegalArgumentException(
                    "no kind \"" + kind + "\" is registered for version \"" + version + "\"");
        }
        FIELDS.check(document);
        var config = PodSecurityConfig.NONE;
        for (var plugin : document.path("plugins")) {
            var name = plugin.path("name").asText();
            if (!name.equals("PodSecurity")) {
                throw new IllegalArgumentException("plugin \"" + name + "\" has no configuration here");
            }
            // beside the file, if it does not say where
            config = PodSecurityConfig.of(
                    plugin.hasNonNull("path")
                            ? document(file.resolveSibling(plugin.path("path").asText()))
                            : plugin.path("configuration"));
        }
        return config;
    }
}
