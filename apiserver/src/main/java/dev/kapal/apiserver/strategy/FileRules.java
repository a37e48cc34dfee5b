package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/// Files that a volume is made of: where they are, whose keys they hold, and who may read them. Source: core/v1 API
/// reference, KeyToPath and DownwardAPIVolumeFile.
public final class FileRules {
    private static final List<String> FIELDS =
            List.of("metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid");

    private FileRules() {}

    /// A secret or a config map as a directory.
    ///
    /// @param name the field that names it
    static void checkKeys(String path, String name, JsonNode source, Problems problems) {
        if (source.path(name).asText("").isEmpty()) {
            problems.required(path + "." + name, "");
        }
        checkMode(path + ".defaultMode", source.path("defaultMode"), problems);
        checkItems(path + ".items", source.path("items"), problems);
    }

    static void checkItems(String path, JsonNode items, Problems problems) {
        for (int i = 0; i < items.size(); i++) {
            var at = Problems.at(path, i);
            if (items.get(i).path("key").asText("").isEmpty()) {
                problems.required(at + ".key", "");
            }
            checkPlace(at, items.get(i).path("path").asText(""), problems);
            checkMode(at + ".mode", items.get(i).path("mode"), problems);
        }
    }

    static void checkDownward(String path, JsonNode source, Problems problems) {
        checkMode(path + ".defaultMode", source.path("defaultMode"), problems);
        source.path("items").forEach(file -> checkDownwardFile(path, file, problems));
    }

    /// @param path of the volume: files have no index in messages
    static void checkDownwardFile(String path, JsonNode file, Problems problems) {
        checkPlace(path, file.path("path").asText(""), problems);
        if (file.has("fieldRef")) {
            FieldRefs.checkField(path + ".fieldRef", file.get("fieldRef"), FIELDS, problems);
            if (file.has("resourceFieldRef")) {
                problems.invalid(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
            }
        } else if (file.has("resourceFieldRef")) {
            FieldRefs.checkResource(path + ".resourceFieldRef", file.get("resourceFieldRef"), true, problems);
        } else {
            problems.required(path, "one of fieldRef and resourceFieldRef is required");
        }
        checkMode(path + ".mode", file.path("mode"), problems);
    }

    static void checkPlace(String path, String place, Problems problems) {
        if (place.isEmpty()) {
            problems.required(path + ".path", "");
        }
        checkLocal(path + ".path", place, problems);
    }

    static void checkMode(String path, JsonNode mode, Problems problems) {
        if (mode.asInt(0) < 0 || mode.asInt(0) > 0777) {
            problems.invalid(path, mode.asInt(), "must be a number between 0 and 0777 (octal), both inclusive");
        }
    }

    /// A relative path that stays below where it starts and is not a name of the agent's own.
    static void checkLocal(String path, String value, Problems problems) {
        checkDescending(path, value, problems);
        if (value.startsWith("..") && !value.startsWith("../")) {
            problems.invalid(path, value, "must not start with '..'");
        }
    }

    /// A relative path that stays below where it starts.
    static void checkDescending(String path, String value, Problems problems) {
        if (value.startsWith("/")) {
            problems.invalid(path, value, "must be a relative path");
        }
        checkNoBacksteps(path, value, problems);
    }

    public static void checkNoBacksteps(String path, String value, Problems problems) {
        if (hasBacksteps(value)) {
            problems.invalid(path, value, "must not contain '..'");
        }
    }

    static boolean hasBacksteps(String value) {
        return List.of(value.split("/")).contains("..");
    }
}
