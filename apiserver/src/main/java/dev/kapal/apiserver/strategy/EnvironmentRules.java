package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Names;
import java.util.List;

/// The variables of a container. Source: core/v1 API reference, EnvVar and EnvFromSource.
final class EnvironmentRules {
    private static final List<String> FIELDS = List.of(
            "metadata.name",
            "metadata.namespace",
            "metadata.uid",
            "spec.nodeName",
            "spec.serviceAccountName",
            "status.hostIP",
            "status.hostIPs",
            "status.podIP",
            "status.podIPs");

    private EnvironmentRules() {}

    /// @param path of the container
    static void check(String path, JsonNode container, Problems problems) {
        var variables = container.path("env");
        for (int i = 0; i < variables.size(); i++) {
            var at = Problems.at(path + ".env", i);
            var variable = variables.get(i);
            var name = variable.path("name").asText("");
            if (name.isEmpty()) {
                problems.required(at + ".name", "");
            } else {
                problems.invalid(at + ".name", name, Names.envVarName(name));
            }
            if (variable.has("valueFrom")) {
                checkSource(at + ".valueFrom", variable, problems);
            }
        }
        var sources = container.path("envFrom");
        for (int i = 0; i < sources.size(); i++) {
            checkFrom(path + ".envFrom", i, sources.get(i), problems);
        }
    }

    /// What is wrong with the choice is told of the list, not of the item.
    private static void checkFrom(String path, int index, JsonNode from, Problems problems) {
        var at = Problems.at(path, index);
        var prefix = from.path("prefix").asText("");
        if (!prefix.isEmpty()) {
            problems.invalid(at + ".prefix", prefix, Names.envVarName(prefix));
        }
        int sources = 0;
        for (var ref : List.of("configMapRef", "secretRef")) {
            if (from.has(ref)) {
                sources++;
                var name = from.get(ref).path("name").asText("");
                if (name.isEmpty()) {
                    problems.required(at + "." + ref + ".name", "");
                } else {
                    problems.invalid(at + "." + ref + ".name", name, Names.dns1123Subdomain(name));
                }
            }
        }
        if (sources == 0) {
            problems.invalid(path, "", "must specify one of: `configMapRef` or `secretRef`");
        } else if (sources > 1) {
            problems.invalid(path, "", "may not have more than one field specified at a time");
        }
    }

    private static void checkSource(String path, JsonNode variable, Problems problems) {
        var source = variable.get("valueFrom");
        if (source.has("fieldRef")) {
            FieldRefs.checkField(path + ".fieldRef", source.get("fieldRef"), FIELDS, problems);
        }
        if (source.has("resourceFieldRef")) {
            FieldRefs.checkResource(path + ".resourceFieldRef", source.get("resourceFieldRef"), false, problems);
        }
        for (var ref : List.of("configMapKeyRef", "secretKeyRef")) {
            if (source.has(ref)) {
                checkKeyRef(path + "." + ref, source.get(ref), problems);
            }
        }
        if (source.isEmpty()) {
            problems.invalid(
                    path,
                    "",
                    "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or"
                            + " `fileKeyRef`");
        } else if (!variable.path("value").asText("").isEmpty()) {
            problems.invalid(path, "", "may not be specified when `value` is not empty");
        } else if (source.size() > 1) {
            problems.invalid(path, "", "may not have more than one field specified at a time");
        }
    }

    private static void checkKeyRef(String path, JsonNode ref, Problems problems) {
        var name = ref.path("name").asText("");
        problems.invalid(path + ".name", name, Names.dns1123Subdomain(name));
        var key = ref.path("key").asText("");
        if (key.isEmpty()) {
            problems.required(path + ".key", "");
        } else {
            problems.invalid(path + ".key", key, Names.configMapKey(key));
        }
    }
}
