package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Names;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A pod's volumes: a name of its own and exactly one source each.
final class VolumeRules {
    private static final List<String> HOST_PATH_TYPES = List.of(
            "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket");

    private VolumeRules() {}

    /// Answers with the names that mounts may use.
    static Set<String> check(String path, JsonNode volumes, Problems problems) {
        var names = new HashSet<String>();
        for (int i = 0; i < volumes.size(); i++) {
            var at = Problems.at(path, i);
            var volume = volumes.get(i);
            var name = volume.path("name").asText("");
            if (name.isEmpty()) {
                problems.required(at + ".name", "");
            } else {
                problems.invalid(at + ".name", name, Names.dns1123Label(name));
            }
            if (!name.isEmpty() && !names.add(name)) {
                problems.duplicate(at + ".name", name);
            }
            checkSource(at, volume, problems);
        }
        return names;
    }

    private static void checkSource(String path, JsonNode volume, Problems problems) {
        var sources = new ArrayList<String>();
        volume.fieldNames().forEachRemaining(sources::add);
        sources.remove("name");
        if (sources.isEmpty()) {
            problems.required(path, "must specify a volume type");
            return;
        }
        for (var extra : sources.subList(1, sources.size())) {
            problems.forbidden(path + "." + extra, "may not specify more than 1 volume type");
        }
        var type = sources.getFirst();
        checkDetails(path + "." + type, type, volume.get(type), problems);
    }

    private static void checkDetails(String path, String type, JsonNode source, Problems problems) {
        switch (type) {
            case "hostPath" -> {
                if (source.path("path").asText("").isEmpty()) {
                    problems.required(path + ".path", "");
                }
                var kind = source.path("type").asText("");
                if (!HOST_PATH_TYPES.contains(kind)) {
                    problems.notSupported(path + ".type", kind, HOST_PATH_TYPES);
                }
            }
            case "secret" -> {
                if (source.path("secretName").asText("").isEmpty()) {
                    problems.required(path + ".secretName", "");
                }
                checkMode(path, source, problems);
                checkItems(path + ".items", source.path("items"), problems);
            }
            case "configMap" -> {
                if (source.path("name").asText("").isEmpty()) {
                    problems.required(path + ".name", "");
                }
                checkMode(path, source, problems);
                checkItems(path + ".items", source.path("items"), problems);
            }
            case "persistentVolumeClaim" -> {
                if (source.path("claimName").asText("").isEmpty()) {
                    problems.required(path + ".claimName", "");
                }
            }
            case "downwardAPI", "projected" -> checkMode(path, source, problems);
            default -> {
                return; // its fields are the business of whoever mounts it
            }
        }
    }

    private static void checkMode(String path, JsonNode source, Problems problems) {
        int mode = source.path("defaultMode").asInt(0);
        if (mode < 0 || mode > 0777) {
            problems.invalid(
                    path + ".defaultMode", mode, "must be a number between 0 and 0777 (octal), both inclusive");
        }
    }

    private static void checkItems(String path, JsonNode items, Problems problems) {
        for (int i = 0; i < items.size(); i++) {
            var at = Problems.at(path, i);
            if (items.get(i).path("key").asText("").isEmpty()) {
                problems.required(at + ".key", "");
            }
            var place = items.get(i).path("path").asText("");
            if (place.isEmpty()) {
                problems.required(at + ".path", "");
            } else {
                checkDescending(at + ".path", place, problems);
            }
        }
    }

    /// A relative path that stays below where it starts.
    static void checkDescending(String path, String value, Problems problems) {
        if (value.startsWith("/")) {
            problems.invalid(path, value, "must be a relative path");
        }
        for (var part : value.split("/")) {
            if (part.equals("..")) {
                problems.invalid(path, value, "must not contain '..'");
                return;
            }
        }
    }
}
