package dev.kapal.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;

/// What a pod refers to by name, in volumes, environments and pull secrets.
final class SpecReferences {
    private SpecReferences() {}

    /// @param kind `secret`, `configMap` or `persistentVolumeClaim`
    static boolean has(JsonNode spec, String kind) {
        if (kind.equals("secret") && !spec.path("imagePullSecrets").isEmpty()) {
            return true;
        }
        for (var volume : spec.path("volumes")) {
            if (volume.has(kind) || isProjected(volume, kind)) {
                return true;
            }
        }
        for (var list : new String[] {"initContainers", "containers", "ephemeralContainers"}) {
            for (var container : spec.path(list)) {
                if (isInEnvironment(container, kind)) {
                    return true;
                }
            }
        }
        return false;
    }

    static String plural(String kind) {
        return switch (kind) {
            case "secret" -> "secrets";
            case "configMap" -> "configmaps";
            default -> "persistentvolumeclaims";
        };
    }

    private static boolean isProjected(JsonNode volume, String kind) {
        for (var source : volume.path("projected").path("sources")) {
            if (source.has(kind)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isInEnvironment(JsonNode container, String kind) {
        for (var variable : container.path("env")) {
            if (variable.path("valueFrom").has(kind + "KeyRef")) {
                return true;
            }
        }
        for (var from : container.path("envFrom")) {
            if (from.has(kind + "Ref")) {
                return true;
            }
        }
        return false;
    }
}
