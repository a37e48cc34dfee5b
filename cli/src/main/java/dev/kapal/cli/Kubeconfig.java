package dev.kapal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/// The user's kubeconfig file: Kapal's entries go in and out, all others stay as they are.
///
/// Source: client-go's kubeconfig format; `KUBECONFIG`'s first entry, otherwise `~/.kube/config`.
final class Kubeconfig {
    /// The name of the cluster, the user and the context.
    static final String NAME = "kapal";

    private static final String[] LISTS = {"clusters", "users", "contexts"};

    private static final YAMLMapper YAML = new YAMLMapper(YAMLFactory.builder()
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .build());

    private Kubeconfig() {}

    static Path ofUser() {
        String chosen = System.getenv("KUBECONFIG");
        if (chosen != null && !chosen.isBlank()) {
            return Path.of(chosen.split(":")[0]);
        }
        return Path.of(System.getProperty("user.home"), ".kube", "config");
    }

    /// Puts Kapal's cluster, user and context from `source` into `target` and makes the context current.
    static void merge(Path source, Path target) throws IOException {
        var ours = (ObjectNode) YAML.readTree(source.toFile());
        var merged = read(target);
        for (String list : LISTS) {
            var entries = merged.withArray("/" + list);
            removeNamed(entries);
            ours.path(list).forEach(entry -> {
                if (NAME.equals(entry.path("name").asText())) {
                    entries.add(entry);
                }
            });
        }
        merged.put("current-context", NAME);
        write(merged, target);
    }

    /// Takes Kapal's entries out again; a file without them stays untouched.
    static void remove(Path target) throws IOException {
        if (!Files.exists(target)) {
            return;
        }
        var config = read(target);
        boolean changed = false;
        for (String list : LISTS) {
            if (config.get(list) instanceof ArrayNode entries) {
                changed |= removeNamed(entries);
            }
        }
        if (NAME.equals(config.path("current-context").asText())) {
            config.put("current-context", "");
            changed = true;
        }
        if (changed) {
            write(config, target);
        }
    }

    private static ObjectNode read(Path file) throws IOException {
        JsonNode tree = Files.exists(file) ? YAML.readTree(file.toFile()) : null;
        if (tree == null || tree.isMissingNode() || tree.isNull()) {
            tree = YAML.createObjectNode();
        }
        if (!(tree instanceof ObjectNode config)) {
            throw new Refusal(file + " is not a kubeconfig file; move it away or set KUBECONFIG");
        }
        if (!config.has("apiVersion")) {
            config.put("apiVersion", "v1").put("kind", "Config");
        }
        return config;
    }

    private static boolean removeNamed(ArrayNode entries) {
        boolean removed = false;
        for (int i = entries.size() - 1; i >= 0; i--) {
            if (NAME.equals(entries.get(i).path("name").asText())) {
                entries.remove(i);
                removed = true;
            }
        }
        return removed;
    }

    /// Whole or not at all: other programs read this file at any time.
    private static void write(ObjectNode config, Path file) throws IOException {
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        Files.createDirectories(target.getParent());
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Path fresh = Files.createTempFile(target.getParent(), "kubeconfig", ".new", owner);
        Files.writeString(fresh, YAML.writeValueAsString(config), StandardCharsets.UTF_8);
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    }
}
