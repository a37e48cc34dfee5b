package dev.kapal.apiserver.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Problem;
import dev.kapal.model.structural.ListTypes;
import dev.kapal.model.structural.StructuralSchema;
import dev.kapal.model.structural.ValueRules;
import java.util.ArrayList;
import java.util.List;

/// Whether the defaults of a schema fulfil it themselves and hold nothing that would be pruned.
final class DefaultValueRules {
    private final List<Problem> problems = new ArrayList<>();

    private DefaultValueRules() {}

    static List<Problem> check(ObjectNode schema, String path) {
        var rules = new DefaultValueRules();
        rules.walk(schema, path);
        return rules.problems;
    }

    private void walk(ObjectNode schema, String path) {
        var value = schema.get("default");
        if (value != null) {
            value(schema, value, path + ".default");
        }
        if (schema.get("items") instanceof ObjectNode items) {
            walk(items, path + ".items");
        }
        schema.path("properties").properties().forEach(p -> {
            if (p.getValue() instanceof ObjectNode property) {
                walk(property, path + ".properties[" + p.getKey() + "]");
            }
        });
        if (schema.get("additionalProperties") instanceof ObjectNode values) {
            walk(values, path + ".additionalProperties");
        }
    }

    private void value(ObjectNode schema, JsonNode value, String path) {
        var structural = StructuralSchema.of(schema);
        var pruned = value.deepCopy();
        structural.prune(pruned);
        if (!pruned.equals(value)) {
            problems.add(Problem.invalid(path, value, "must not have unknown fields"));
        }
        var found = ValueRules.of(schema).check(path, value);
        problems.addAll(found);
        if (found.isEmpty()) {
            problems.addAll(ListTypes.check(path, structural, value));
            if (RuleTree.exists(schema)) {
                var tree = RuleTree.of(structural);
                problems.addAll(tree.check(path, value));
            }
        }
    }
}
