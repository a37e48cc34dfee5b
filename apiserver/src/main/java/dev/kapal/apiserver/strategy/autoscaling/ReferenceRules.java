package dev.kapal.apiserver.strategy.autoscaling;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.model.Names;
import java.util.List;
import java.util.Optional;

/// How an autoscaler names another object. What was written before versions were looked at may stay as it is.
///
/// @param anyVersion whether the version is not looked at
/// @param core whether the object may be of the group without a name
record ReferenceRules(boolean anyVersion, boolean core) {
    /// Of what is scaled: only replication controllers are of the group without a name.
    static ReferenceRules ofTarget(JsonNode target, JsonNode before) {
        boolean kept = before.isObject() && isSame(target, before, "apiVersion") && isSame(target, before, "kind");
        return new ReferenceRules(kept, target.path("kind").asText("").equals("ReplicationController"));
    }

    private static boolean isSame(JsonNode one, JsonNode other, String field) {
        return one.path(field).asText("").equals(other.path(field).asText(""));
    }

    /// Of what is measured.
    ///
    /// @param before the metrics that are stored
    static ReferenceRules ofMeasured(JsonNode before) {
        for (var metric : before) {
            if (metric.path("type").asText("").equals("Object")
                    && metric.has("object")
                    && wrongVersion(metric.path("object").path("describedObject"), true)
                            .isPresent()) {
                return new ReferenceRules(true, true);
            }
        }
        return new ReferenceRules(false, true);
    }

    void check(String path, JsonNode reference, Problems problems) {
        for (var field : List.of("kind", "name")) {
            var value = reference.path(field).asText("");
            if (value.isEmpty()) {
                problems.required(path + "." + field, "");
            } else {
                problems.invalid(path + "." + field, value, Names.pathSegment(value));
            }
        }
        if (!anyVersion) {
            wrongVersion(reference, core)
                    .ifPresent(why -> problems.invalid(
                            path + ".apiVersion", reference.path("apiVersion").asText(""), why));
        }
    }

    private static Optional<String> wrongVersion(JsonNode reference, boolean core) {
        var version = reference.path("apiVersion").asText("");
        int slashes = (int) version.chars().filter(c -> c == '/').count();
        if (slashes > 1) {
            return Optional.of("unexpected GroupVersion string: " + version);
        }
        boolean named = version.indexOf('/') > 0;
        return core || named ? Optional.empty() : Optional.of("apiVersion must specify API group");
    }
}
