package dev.kapal.model;

import dev.kapal.model.conversion.BuiltInConversions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads the list of further versions of Kubernetes' own resources; the format stands at its top. A version is what the
/// stored one is, under another name and with types of its own.
final class FurtherVersions {
    private final Map<GroupVersionKind, ResourceDefinition> stored = new LinkedHashMap<>();
    private final Map<GroupVersionKind, Conversion> conversions = new HashMap<>();
    private final List<ResourceDefinition> further = new ArrayList<>();
    private final boolean legacy;
    private GroupVersion groupVersion;
    private String prefix;

    private FurtherVersions(boolean legacy) {
        this.legacy = legacy;
    }

    /// @param legacy whether to add versions that Kubernetes has removed
    static List<ResourceDefinition> addTo(List<ResourceDefinition> definitions, boolean legacy) {
        var versions = new FurtherVersions(legacy);
        var lines = lines();
        versions.findStored(definitions, lines);
        lines.forEach(versions::line);
        var result = new ArrayList<>(versions.stored.values());
        result.addAll(versions.further);
        return result;
    }

    private static List<String> lines() {
        try (var in = FurtherVersions.class.getResourceAsStream("versions.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#") && !line.startsWith("  "))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The stored versions know the conversion, too.
    private void findStored(List<ResourceDefinition> definitions, List<String> lines) {
        Set<GroupVersionKind> converted = new HashSet<>();
        for (var line : lines) {
            if (!line.startsWith("[")) {
                var words = line.split(" ");
                converted.add(GroupVersionKind.of(words[1], words[0]));
            }
        }
        for (var definition : definitions) {
            var kind = definition.groupVersionKind();
            if (converted.contains(kind)) {
                var conversion = BuiltInConversions.of(kind);
                conversions.put(kind, conversion);
                stored.put(kind, definition.convertedBy(Optional.empty(), conversion));
            } else {
                stored.put(kind, definition);
            }
        }
    }

    private void line(String line) {
        if (line.startsWith("[")) {
            var words = line.substring(1, line.length() - 1).split(" ");
            groupVersion = GroupVersion.parse(words[0]);
            prefix = words[1] + ".";
            return;
        }
        var words = line.split(" ");
        var values = new HashMap<String, String>();
        for (int i = 2; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            values.put(equals < 0 ? words[i] : words[i].substring(0, equals), words[i].substring(equals + 1));
        }
        if (legacy || !values.containsKey("removed")) {
            var of = GroupVersionKind.of(words[1], words[0]);
            further.add(version(stored.get(of), conversions.get(of), values));
        }
    }

    private ResourceDefinition version(ResourceDefinition stored, Conversion conversion, Map<String, String> words) {
        var subresources = new ArrayList<Subresource>();
        stored.subresources().forEach(part -> subresources.add(subresource(part, stored, words.containsKey("scale"))));
        if (words.containsKey("post")) {
            subresources.add(posted(words.get("post").split("/")));
        }
        // who says `deploy` or `all` means what there is today, once
        boolean forgotten = words.containsKey("removed")
                && !groupVersion.group().equals(stored.groupVersion().group());
        return new ResourceDefinition(
                groupVersion,
                stored.kind(),
                stored.listKind(),
                stored.plural(),
                stored.singular(),
                forgotten ? List.of() : stored.shortNames(),
                forgotten ? List.of() : stored.categories(),
                stored.namespaced(),
                stored.verbs(),
                subresources,
                SchemaLibrary.builtIn().schema(prefix + stored.kind()),
                stored.columns(),
                stored.hasStatus(),
                stored.hasGeneration(),
                Optional.of(stored),
                conversion,
                deprecation(stored.kind(), words));
    }

    private Subresource subresource(Subresource part, ResourceDefinition stored, boolean ownScale) {
        boolean own = part.kind().equals(stored.groupVersionKind())
                || ownScale && part.name().equals("scale");
        return own ? new Subresource(part.name(), groupVersion.kind(part.kind().kind()), part.verbs()) : part;
    }

    private Subresource posted(String[] partAndType) {
        return new Subresource(partAndType[0], groupVersion.kind(partAndType[1]), Set.of("create"));
    }

    /// Upstream's words.
    private String deprecation(String kind, Map<String, String> words) {
        if (!words.containsKey("deprecated")) {
            return "";
        }
        return groupVersion + " " + kind + " is deprecated in v" + words.get("deprecated") + "+, unavailable in v"
                + words.get("removed") + "+; use " + words.get("use") + " " + kind;
    }
}
