package dev.kapal.model.generate;

import dev.kapal.model.GroupVersion;
import dev.kapal.model.GroupVersionKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// The types of versions that the Java models do not have, made out of those of the stored versions; `versions.txt`
/// says
/// how. Types are known by their definition names, `io.k8s.api.apps.v1.Deployment`.
final class FurtherVersions {
    private static final String SCALE = "io.k8s.api.autoscaling.v1.";

    /// The prefix of the definition names of each version, `io.k8s.api.apps.v1.` by `apps/v1`.
    private final Map<String, String> prefixes = new HashMap<>();

    private final List<Version> versions = new ArrayList<>();

    /// One type to be written.
    ///
    /// @param source the type that it is a copy of; empty for one that is new
    /// @param renamed what the copied fields refer to, where that has another name here
    record Type(
            String name,
            String source,
            List<GroupVersionKind> kinds,
            List<Change> changes,
            Map<String, String> renamed) {}

    /// One difference between a type and its source.
    ///
    /// @param sign one of `+-~!=`
    record Change(char sign, String field, String type, String description) {}

    /// @param posted types of what is posted to its subresources
    private record Kind(String name, String source, boolean scale, List<String> posted) {}

    private record Version(
            GroupVersion groupVersion, String prefix, List<Kind> kinds, Map<String, List<Change>> changes) {}

    FurtherVersions(Path resources, Path file) throws IOException {
        Files.readAllLines(resources).forEach(this::header);
        for (var line : Files.readAllLines(file)) {
            if (line.startsWith("[")) {
                var words = header(line);
                versions.add(
                        new Version(GroupVersion.parse(words[0]), words[1] + ".", new ArrayList<>(), new HashMap<>()));
            } else if (line.startsWith("  ")) {
                change(line.strip());
            } else if (!line.isBlank() && !line.startsWith("#")) {
                kind(line.split(" "));
            }
        }
    }

    private String[] header(String line) {
        if (!line.startsWith("[")) {
            return new String[0];
        }
        var words = line.substring(1, line.length() - 1).split(" ");
        prefixes.put(words[0], words[1] + ".");
        return words;
    }

    private void kind(String[] words) {
        var all = List.of(words);
        var source = all.stream()
                .filter(word -> word.startsWith("like="))
                .map(word -> word.substring("like=".length()))
                .findFirst()
                .orElse(words[1]);
        var posted = all.stream()
                .filter(word -> word.startsWith("post="))
                .map(word -> word.substring(word.indexOf('/') + 1))
                .toList();
        versions.getLast().kinds.add(new Kind(words[0], prefix(source), all.contains("scale"), posted));
    }

    private String prefix(String version) {
        var prefix = prefixes.get(version);
        if (prefix == null) {
            throw new IllegalStateException("no resources are listed of " + version);
        }
        return prefix;
    }

    private void change(String line) {
        var words = line.split(" ", 4);
        var version = versions.getLast();
        char sign = words[1].charAt(0);
        var change = sign == '+'
                ? new Change(sign, words[1].substring(1), written(words[2], version.prefix), words[3])
                : new Change(sign, words[1].substring(1), "", "");
        version.changes.computeIfAbsent(words[0], _ -> new ArrayList<>()).add(change);
    }

    /// A type as [TypeSignature] reads it, with full definition names.
    private static String written(String type, String prefix) {
        if (type.startsWith("[]") || type.startsWith("{}")) {
            return type.substring(0, 2) + written(type.substring(2), prefix);
        }
        boolean own = Character.isUpperCase(type.charAt(0)) && !TypeSignature.isScalar(type);
        return own ? prefix + type : type;
    }

    /// Everything that has to be made.
    ///
    /// @param referencesOf the types that the fields of a type of the models refer to
    /// @param exists whether the models have a type
    List<Type> types(Function<String, Set<String>> referencesOf, Function<String, Boolean> exists) {
        var types = new ArrayList<Type>();
        for (var version : versions) {
            var made = new Walk(version, referencesOf, exists).types();
            types.addAll(made);
            var names = new HashSet<String>();
            made.forEach(type -> names.add(type.name().substring(version.prefix.length())));
            version.changes.keySet().stream()
                    .filter(type -> !names.contains(type)
                            && version.changes.get(type).getFirst().sign() != '=')
                    .findAny()
                    .ifPresent(type -> {
                        throw new IllegalStateException("nothing leads to " + version.prefix + type);
                    });
        }
        return types;
    }

    /// The types of one version, by following references from its kinds.
    private static final class Walk {
        private final Version version;
        private final Function<String, Set<String>> referencesOf;
        private final Function<String, Boolean> exists;
        /// Source by name here.
        private final Map<String, String> sources = new LinkedHashMap<>();

        private final Map<String, String> renamed = new HashMap<>();

        Walk(Version version, Function<String, Set<String>> referencesOf, Function<String, Boolean> exists) {
            this.version = version;
            this.referencesOf = referencesOf;
            this.exists = exists;
        }

        List<Type> types() {
            for (var kind : version.kinds) {
                if (!exists.apply(version.prefix + kind.name)) {
                    follow(kind.source, kind.name);
                    follow(kind.source, kind.name + "List");
                }
                if (kind.scale) {
                    follow(SCALE, "Scale");
                }
                kind.posted.forEach(type -> follow(kind.source, type));
            }
            return sources.entrySet().stream()
                    .map(entry -> new Type(
                            version.prefix + entry.getKey(),
                            entry.getValue(),
                            kinds(entry.getKey()),
                            version.changes.getOrDefault(entry.getKey(), List.of()),
                            renamed))
                    .toList();
        }

        private List<GroupVersionKind> kinds(String name) {
            boolean document = name.equals("Scale")
                    || version.kinds.stream()
                            .anyMatch(kind -> name.equals(kind.name)
                                    || name.equals(kind.name + "List")
                                    || kind.posted.contains(name));
            return document ? List.of(version.groupVersion.kind(name)) : List.of();
        }

        private void follow(String source, String root) {
            var next = new ArrayDeque<String>();
            next.add(root);
            while (!next.isEmpty()) {
                var name = next.pop();
                var changes = version.changes.getOrDefault(name, List.of());
                if (sources.containsKey(name) || exists.apply(version.prefix + name) || isKept(changes)) {
                    continue;
                }
                boolean copied = exists.apply(source + name);
                sources.put(name, copied ? source + name : "");
                if (copied) {
                    renamed.put(source + name, version.prefix + name);
                    referencesOf.apply(source + name).stream()
                            .filter(other -> other.startsWith(source))
                            .map(other -> other.substring(source.length()))
                            .forEach(next::add);
                }
                changes.stream()
                        .map(change -> change.type().replace("[]", "").replace("{}", ""))
                        .filter(type -> type.startsWith(version.prefix))
                        .forEach(type -> next.add(type.substring(version.prefix.length())));
            }
        }

        private static boolean isKept(List<Change> changes) {
            return !changes.isEmpty() && changes.getFirst().sign() == '=';
        }
    }
}
