package dev.kapal.model.generate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The facts that the Java models do not carry, from a text file written by hand:
///
///     [io.k8s.api.core.v1.PodSpec]
///     containers   map=name patch=merge/name
///     tolerations  atomic
///
/// `*` in place of a field speaks of the type itself. A line that names nothing that exists stops the build.
final class Overlay {
    private final Map<String, Facts> facts = new LinkedHashMap<>();
    private final Set<String> unused = new HashSet<>();

    /// The words of one line.
    record Facts(Set<String> flags, Map<String, String> values) {
        static final Facts NONE = new Facts(Set.of(), Map.of());

        boolean is(String flag) {
            return flags.contains(flag);
        }

        String value(String key) {
            return values.getOrDefault(key, "");
        }

        List<String> list(String key) {
            return value(key).isEmpty() ? List.of() : List.of(value(key).split(","));
        }
    }

    /// Several files are read as one.
    Overlay(Path... files) throws IOException {
        for (var file : files) {
            read(file);
        }
    }

    private void read(Path file) throws IOException {
        var type = "";
        for (var line : Files.readAllLines(file)) {
            var text = line.strip();
            if (text.startsWith("[")) {
                type = text.substring(1, text.length() - 1);
            } else if (!text.isEmpty() && !text.startsWith("#")) {
                var words = text.split("\\s+");
                var key = type + "/" + words[0];
                if (facts.put(key, facts(words)) != null) {
                    throw new IllegalStateException("overlay speaks twice of " + key);
                }
                unused.add(key);
            }
        }
    }

    private static Facts facts(String[] words) {
        var flags = new HashSet<String>();
        var values = new HashMap<String, String>();
        for (int i = 1; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            if (equals < 0) {
                flags.add(words[i]);
            } else {
                values.put(words[i].substring(0, equals), words[i].substring(equals + 1));
            }
        }
        return new Facts(flags, values);
    }

    Facts of(String type, String field) {
        unused.remove(type + "/" + field);
        return facts.getOrDefault(type + "/" + field, Facts.NONE);
    }

    /// Call when all types are written.
    void requireAllUsed() {
        if (!unused.isEmpty()) {
            throw new IllegalStateException("overlay speaks of what does not exist: " + unused);
        }
    }
}
