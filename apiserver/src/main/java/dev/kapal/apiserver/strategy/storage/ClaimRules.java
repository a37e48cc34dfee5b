package dev.kapal.apiserver.strategy.storage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.ResourceRules;
import dev.kapal.apiserver.strategy.WorkloadRules;
import dev.kapal.model.Names;
import java.util.List;

/// What a claim may ask for, for claims and for the templates of ephemeral volumes. Source: core/v1 API reference,
/// PersistentVolumeClaimSpec.
public final class ClaimRules {
    private ClaimRules() {}

    public static void check(String path, JsonNode spec, Problems problems) {
        if (spec.path("accessModes").isEmpty()) {
            problems.required(path + ".accessModes", "at least 1 access mode is required");
        }
        WorkloadRules.checkSelectorFields(path + ".selector", spec.path("selector"), problems);
        AccessModes.check(path + ".accessModes", spec.path("accessModes"), problems);
        checkStorage(path + ".resources[storage]", spec.path("resources").path("requests"), problems);
        checkClass(path + ".storageClassName", spec.path("storageClassName"), problems);
        AccessModes.checkVolumeMode(path + ".volumeMode", spec.path("volumeMode"), problems);
        checkSource(path + ".dataSource", spec.path("dataSource"), problems);
        checkSource(path + ".dataSourceRef", spec.path("dataSourceRef"), problems);
        var namespace = spec.path("dataSourceRef").path("namespace").asText("");
        if (!namespace.isEmpty()) {
            problems.invalid(path + ".dataSourceRef.namespace", namespace, Names.dns1123Label(namespace));
        }
        checkSame(path, spec, namespace, problems);
        checkClass(path + ".volumeAttributesClassName", spec.path("volumeAttributesClassName"), problems);
    }

    private static void checkClass(String path, JsonNode value, Problems problems) {
        var name = value.asText("");
        if (!name.isEmpty()) {
            problems.invalid(path, name, Names.dns1123Subdomain(name));
        }
    }

    private static void checkStorage(String path, JsonNode requests, Problems problems) {
        if (!requests.has("storage")) {
            problems.required(path, "");
            return;
        }
        ResourceRules.checkPositive(path, requests.get("storage"), problems);
    }

    private static void checkSource(String path, JsonNode source, Problems problems) {
        if (source.isMissingNode()) {
            return;
        }
        for (var field : List.of("name", "kind")) {
            if (source.path(field).asText("").isEmpty()) {
                problems.required(path + "." + field, "");
            }
        }
        var group = source.path("apiGroup").asText("");
        var kind = source.path("kind").asText("");
        if (group.isEmpty() && !kind.equals("PersistentVolumeClaim")) {
            problems.invalid(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
        }
        if (!group.isEmpty()) {
            problems.invalid(path + ".apiGroup", group, Names.dns1123Subdomain(group));
        }
    }

    private static void checkSame(String path, JsonNode spec, String namespace, Problems problems) {
        if (!spec.has("dataSource") || !spec.has("dataSourceRef")) {
            return;
        }
        if (!namespace.isEmpty()) {
            problems.invalid(
                    path, path + ".dataSource", "may not be specified when dataSourceRef.namespace is specified");
            return;
        }
        var one = spec.get("dataSource");
        var other = spec.get("dataSourceRef");
        boolean same = List.of("name", "kind", "apiGroup").stream()
                .allMatch(field ->
                        one.path(field).asText("").equals(other.path(field).asText("")));
        if (!same) {
            problems.invalid(path, path + ".dataSource", "must match dataSourceRef");
        }
    }
}
