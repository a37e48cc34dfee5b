package dev.kapal.apiserver.strategy.flow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.strategy.Problems;
import java.util.HashSet;

/// The conditions of both kinds: each has a type, and each type is there once.
final class FlowConditions {
    private FlowConditions() {}

    static void check(JsonNode conditions, Problems problems) {
        var types = new HashSet<String>();
        for (int i = 0; i < conditions.size(); i++) {
            var path = Problems.at("status.conditions", i) + ".type";
            var type = conditions.get(i).path("type").asText("");
            if (!types.add(type)) {
                problems.duplicate(path, type);
            }
            if (type.isEmpty()) {
                problems.required(path, "must not be empty");
            }
        }
    }
}
