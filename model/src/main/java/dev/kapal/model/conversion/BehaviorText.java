package dev.kapal.model.conversion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.codec.Documents;
import java.util.List;

/// An autoscaler's behavior in an annotation. Upstream writes it with the field names of its Go type, absent fields as
/// null, and reads names in any case; so do we.
final class BehaviorText {
    private static final List<String> DIRECTIONS = List.of("ScaleUp", "ScaleDown");
    private static final List<String> RULES =
            List.of("StabilizationWindowSeconds", "SelectPolicy", "Policies", "Tolerance");
    private static final List<String> POLICY = List.of("Type", "Value", "PeriodSeconds");

    private BehaviorText() {}

    static ObjectNode write(ObjectNode behavior) {
        var text = Documents.object();
        for (var direction : DIRECTIONS) {
            text.set(direction, behavior.get(lower(direction)) instanceof ObjectNode rules ? rules(rules) : null);
        }
        return text;
    }

    private static ObjectNode rules(ObjectNode rules) {
        var text = Documents.object();
        for (var field : RULES) {
            var value = rules.get(lower(field));
            text.set(field, value instanceof ArrayNode policies ? policies(policies) : value);
        }
        return text;
    }

    private static ArrayNode policies(ArrayNode policies) {
        var text = Documents.object().putArray("policies");
        for (var policy : policies) {
            var one = text.addObject();
            POLICY.forEach(field -> one.set(field, policy.get(lower(field))));
        }
        return text;
    }

    static ObjectNode read(JsonNode text) {
        var behavior = Documents.object();
        for (var direction : DIRECTIONS) {
            var rules = find(text, direction);
            if (rules instanceof ObjectNode) {
                var read = behavior.putObject(lower(direction));
                RULES.forEach(field -> put(read, field, find(rules, field)));
            }
        }
        return behavior;
    }

    private static void put(ObjectNode into, String field, JsonNode value) {
        if (value instanceof ArrayNode policies) {
            var list = into.putArray(lower(field));
            for (var policy : policies) {
                var one = list.addObject();
                POLICY.forEach(name -> put(one, name, find(policy, name)));
            }
        } else if (value != null && !value.isNull()) {
            into.set(lower(field), value);
        }
    }

    private static JsonNode find(JsonNode object, String field) {
        for (var entry : object.properties()) {
            if (entry.getKey().equalsIgnoreCase(field)) {
                return entry.getValue();
            }
        }
        return null;
    }

    private static String lower(String field) {
        return Character.toLowerCase(field.charAt(0)) + field.substring(1);
    }
}
