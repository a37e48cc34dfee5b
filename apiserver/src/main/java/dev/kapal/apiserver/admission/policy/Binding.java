package dev.kapal.apiserver.admission.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.admission.match.Match;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Puts a policy to work for some requests, with parameters. Immutable.
///
/// @param match narrows what the policy is about
/// @param actions what happens to a request that the policy objects to: `Deny`, `Warn`, `Audit`
record Binding(String name, String policy, Optional<Match> match, Optional<JsonNode> paramRef, List<String> actions) {

    static Binding of(String name, JsonNode spec) {
        var actions = new ArrayList<String>();
        spec.path("validationActions").forEach(action -> actions.add(action.asText()));
        return new Binding(
                name,
                spec.path("policyName").asText(),
                Optional.of(spec.path("matchResources"))
                        .filter(JsonNode::isObject)
                        .map(Match::ofPolicy),
                Optional.of(spec.path("paramRef")).filter(JsonNode::isObject),
                List.copyOf(actions));
    }
}
