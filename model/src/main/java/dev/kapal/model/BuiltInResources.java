package dev.kapal.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Reads the list of Kubernetes' own resources; the format stands at its top. A line that cannot be read is a defect.
final class BuiltInResources {
    private static final Set<String> ALL_VERBS =
            Set.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
    private static final Set<String> STATUS_VERBS = Set.of("get", "patch", "update");

    private final List<ResourceDefinition> definitions = new ArrayList<>();
    private GroupVersion groupVersion;
    private String prefix;
    private String[] head;
    private final List<Subresource> subresources = new ArrayList<>();
    private final List<PrinterColumn> columns = new ArrayList<>();

    private BuiltInResources() {}

    static List<ResourceDefinition> load() {
        try (var in = BuiltInResources.class.getResourceAsStream("resources.txt")) {
            var resources = new BuiltInResources();
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(resources::line);
            resources.finish();
            return resources.definitions;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void line(String line) {
        if (line.isBlank() || line.startsWith("#")) {
            return;
        }
        if (line.startsWith("[")) {
            finish();
            var words = line.substring(1, line.length() - 1).split(" ");
            groupVersion = GroupVersion.parse(words[0]);
            prefix = words[1];
        } else if (line.startsWith("  sub ")) {
            subresource(line.substring(6).split(" "));
        } else if (line.startsWith("  col ")) {
            column(line.substring(6));
        } else {
            finish();
            head = line.split(" ");
        }
    }

    private void subresource(String[] words) {
        int slash = words[1].lastIndexOf('/');
        var kind = slash < 0
                ? groupVersion.kind(words[1])
                : GroupVersionKind.of(words[1].substring(0, slash), words[1].substring(slash + 1));
        subresources.add(new Subresource(words[0], kind, Set.of(words[2].split(","))));
    }

    private void column(String text) {
        var parts = text.substring(2).split("\\|", 4);
        columns.add(new PrinterColumn(parts[0], parts[1], parts[2], parts[3], text.charAt(0) - '0', ""));
    }

    private void finish() {
        if (head == null) {
            return;
        }
        var kind = head[0];
        var flags = new LinkedHashSet<String>();
        var values = new HashMap<String, String>();
        for (int i = 2; i < head.length; i++) {
            int equals = head[i].indexOf('=');
            if (equals < 0) {
                flags.add(head[i]);
            } else {
                values.put(head[i].substring(0, equals), head[i].substring(equals + 1));
            }
        }
        if (flags.contains("status")) {
            subresources.add(new Subresource("status", groupVersion.kind(kind), STATUS_VERBS));
        }
        definitions.add(new ResourceDefinition(
                groupVersion,
                kind,
                flags.contains("nolist") ? "" : kind + "List",
                head[1],
                values.getOrDefault("singular", kind.toLowerCase(Locale.ROOT)),
                list(values, "short"),
                list(values, "categories"),
                flags.contains("namespaced"),
                values.containsKey("verbs") ? Set.copyOf(list(values, "verbs")) : ALL_VERBS,
                List.copyOf(subresources),
                SchemaLibrary.builtIn().schema(prefix + "." + kind),
                List.copyOf(columns),
                flags.contains("status"),
                flags.contains("generation")));
        head = null;
        subresources.clear();
        columns.clear();
    }

    private static List<String> list(Map<String, String> values, String key) {
        return values.containsKey(key) ? List.of(values.get(key).split(",")) : List.of();
    }
}
