package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeSet;

/// What the rules for a container need to know of the pod around it.
///
/// @param volumes those that can be mounted, by name
/// @param isPod whether it is a pod rather than a template
record PodContext(JsonNode spec, Map<String, JsonNode> volumes, boolean isPod) {

    /// The names of the claims that containers can use.
    TreeSet<String> claims() {
        var claims = new TreeSet<String>();
        spec.path("resourceClaims")
                .forEach(claim -> claims.add(claim.path("name").asText("")));
        claims.remove("");
        return claims;
    }

    String restartPolicy() {
        return spec.path("restartPolicy").asText("");
    }

    /// In seconds.
    long grace() {
        return spec.path("terminationGracePeriodSeconds").asLong();
    }

    boolean usesHostUsers() {
        return spec.path("hostUsers").asBoolean(true);
    }
}
