package dev.kapal.model.structural;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.Pattern;
import dev.kapal.model.Problem;
import dev.kapal.model.StringFormats;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a schema demands of values, compiled. Messages are those of upstream's OpenAPI validator. Immutable, any
/// thread. Source: OpenAPI 3.0, schema objects; kube-openapi, validation.
public final class ValueRules {
    private final ObjectNode schema;
    private final List<String> types;
    private final boolean nullable;
    private final Optional<Pattern> pattern;
    private final Map<String, ValueRules> properties = new LinkedHashMap<>();
    private final Optional<ValueRules> items;
    private final Optional<ValueRules> additional;
    private final boolean closed;
    private final List<ValueRules> allOf;
    private final List<ValueRules> anyOf;
    private final List<ValueRules> oneOf;
    private final Optional<ValueRules> not;
    private final Scalars scalars;

    private ValueRules(ObjectNode schema) {
        this.schema = schema;
        this.types = types(schema);
        this.nullable = schema.path("nullable").asBoolean();
        this.pattern = schema.has("pattern")
                ? Optional.of(Pattern.compile(schema.get("pattern").asText()))
                : Optional.empty();
        schema.path("properties").properties().forEach(p -> properties.put(p.getKey(), nested(p.getValue())));
        this.items = schema.get("items") instanceof ObjectNode node ? Optional.of(of(node)) : Optional.empty();
        var values = schema.get("additionalProperties");
        this.additional = values instanceof ObjectNode node ? Optional.of(of(node)) : Optional.empty();
        this.closed = values != null && values.isBoolean() && !values.booleanValue();
        this.allOf = all(schema, "allOf");
        this.anyOf = all(schema, "anyOf");
        this.oneOf = all(schema, "oneOf");
        this.not = schema.get("not") instanceof ObjectNode node ? Optional.of(of(node)) : Optional.empty();
        this.scalars = new Scalars(schema);
    }

    /// Throws [com.google.re2j.PatternSyntaxException] for a pattern that is none.
    public static ValueRules of(ObjectNode schema) {
        return new ValueRules(schema);
    }

    private static ValueRules nested(JsonNode node) {
        return of((ObjectNode) node);
    }

    private static List<ValueRules> all(ObjectNode schema, String field) {
        var rules = new ArrayList<ValueRules>();
        schema.path(field).forEach(node -> rules.add(nested(node)));
        return rules;
    }

    private static List<String> types(ObjectNode schema) {
        if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
            return List.of("integer", "string");
        }
        var type = schema.path("type").asText("");
        return type.isEmpty() ? List.of() : List.of(type);
    }

    /// What is wrong with a value, and what would be, had it not been so before.
    public record Findings(List<Problem> problems, List<Problem> warnings) {}

    /// Everything that is wrong with `value`.
    ///
    /// @param path where the value stands, empty for a whole object
    public List<Problem> check(String path, JsonNode value) {
        var walk = new Walk();
        check(walk, path, value, Optional.empty());
        return walk.problems;
    }

    /// As [#check(String, JsonNode)]; what is wrong within parts that are as they were is only warned of.
    public Findings checkUpdate(String path, JsonNode value, JsonNode old) {
        var walk = new Walk();
        check(walk, path, value, Optional.of(old));
        return new Findings(walk.problems, walk.warnings);
    }

    /// One walk. `visited` says how far an alternative got: the best of several failures is told.
    private static final class Walk {
        private List<Problem> problems = new ArrayList<>();
        private final List<Problem> warnings = new ArrayList<>();
        private int visited;

        void invalid(String path, Object value, String detail) {
            problems.add(Problem.invalid(path, value, detail));
        }
    }

    private void check(Walk walk, String path, JsonNode value, Optional<JsonNode> old) {
        int before = walk.problems.size();
        walk.visited++;
        if (value.isNull()) {
            checkNull(walk, path, value);
        } else {
            checkType(walk, path, value);
            checkAlternatives(walk, path, value);
            scalars.check(walk.problems, path, value, pattern);
            if (value instanceof ArrayNode array) {
                checkList(walk, path, array, old);
            }
            scalars.checkEnum(walk.problems, path, value);
            if (value instanceof ObjectNode object) {
                checkObject(walk, path, object, old);
            }
        }
        if (walk.problems.size() > before && old.isPresent() && old.get().equals(value)) {
            var found = walk.problems.subList(before, walk.problems.size());
            walk.warnings.addAll(found);
            found.clear();
        }
    }

    private void checkNull(Walk walk, String path, JsonNode value) {
        if (!types.isEmpty() && !nullable) {
            typeProblem(walk, path, String.join(",", types), "null");
        }
        scalars.checkEnum(walk.problems, path, value);
    }

    private void checkType(Walk walk, String path, JsonNode value) {
        var actual = typeOf(value);
        boolean isWhole = actual.equals("number") && value.doubleValue() == Math.rint(value.doubleValue());
        boolean fits = types.isEmpty()
                || types.contains(actual)
                || isWhole && types.contains("integer")
                || actual.equals("integer") && types.contains("number");
        if (!fits) {
            typeProblem(walk, path, String.join(",", types), actual);
        }
        var format = schema.path("format").asText("");
        if (value.isTextual() && !format.isEmpty() && !StringFormats.matches(format, value.textValue())) {
            typeProblem(walk, path, format, value.textValue());
        }
    }

    private static void typeProblem(Walk walk, String path, String wanted, String actual) {
        var detail = in(path) + " must be of type " + wanted + ": \"" + actual + "\"";
        walk.problems.add(new Problem(Problem.Type.TYPE_INVALID, path, actual, detail));
    }

    static String in(String path) {
        return path + " in body";
    }

    private static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "object";
            case ARRAY -> "array";
            case STRING -> "string";
            case BOOLEAN -> "boolean";
            default -> value.isIntegralNumber() ? "integer" : "number";
        };
    }

    private void checkAlternatives(Walk walk, String path, JsonNode value) {
        if (!anyOf.isEmpty()) {
            var best = new Best();
            if (anyOf.stream().noneMatch(rules -> best.passes(rules, path, value))) {
                alternative(walk, "\"" + path + "\" must validate at least one schema (anyOf)");
                best.addTo(walk);
            }
        }
        if (!oneOf.isEmpty()) {
            var best = new Best();
            long passing = oneOf.stream()
                    .filter(rules -> best.passes(rules, path, value))
                    .count();
            if (passing != 1) {
                var found = passing == 0 ? "Found none valid" : "Found " + passing + " valid alternatives";
                alternative(walk, "\"" + path + "\" must validate one and only one schema (oneOf). " + found);
                if (passing == 0) {
                    best.addTo(walk);
                }
            }
        }
        checkAll(walk, path, value);
        if (not.isPresent() && new Best().passes(not.get(), path, value)) {
            alternative(walk, "\"" + path + "\" must not validate the schema (not)");
        }
    }

    private void checkAll(Walk walk, String path, JsonNode value) {
        int passing = 0;
        for (var rules : allOf) {
            int before = walk.problems.size();
            rules.check(walk, path, value, Optional.empty());
            passing += walk.problems.size() == before ? 1 : 0;
        }
        if (passing < allOf.size()) {
            alternative(
                    walk,
                    "\"" + path + "\" must validate all the schemas (allOf)"
                            + (passing == 0 ? ". None validated" : ""));
        }
    }

    private static void alternative(Walk walk, String detail) {
        walk.invalid("<nil>", "", detail);
    }

    /// The failure that got furthest.
    private static final class Best {
        private Walk walk;

        boolean passes(ValueRules rules, String path, JsonNode value) {
            var attempt = new Walk();
            rules.check(attempt, path, value, Optional.empty());
            if (!attempt.problems.isEmpty() && (walk == null || attempt.visited > walk.visited)) {
                walk = attempt;
            }
            return attempt.problems.isEmpty();
        }

        void addTo(Walk outer) {
            if (walk != null) {
                outer.problems.addAll(walk.problems);
            }
        }
    }

    private void checkList(Walk walk, String path, ArrayNode array, Optional<JsonNode> old) {
        if (items.isPresent()) {
            var before = OldItems.of(schema, old);
            for (int i = 0; i < array.size(); i++) {
                items.get().check(walk, path + "[" + i + "]", array.get(i), before.of(array.get(i)));
            }
        }
        scalars.checkItems(walk.problems, path, array);
    }

    private void checkObject(Walk walk, String path, ObjectNode object, Optional<JsonNode> old) {
        scalars.checkProperties(walk.problems, path, object);
        boolean correlates = !schema.path("x-kubernetes-map-type").asText("").equals("atomic");
        for (var field : object.properties()) {
            var name = field.getKey();
            var rules = properties.containsKey(name) ? Optional.of(properties.get(name)) : additional;
            var at = path.isEmpty() ? name : path + "." + name;
            if (rules.isPresent()) {
                var before = correlates ? old.map(o -> o.get(name)) : Optional.<JsonNode>empty();
                rules.get().check(walk, at, field.getValue(), before);
            } else if (closed) {
                walk.invalid(
                        path.isEmpty() ? "<nil>" : path, name, path + "." + name + " in body is a forbidden property");
            }
        }
        for (var required : schema.path("required")) {
            if (!object.has(required.asText())) {
                var at = path.isEmpty() ? required.asText() : path + "." + required.asText();
                walk.problems.add(Problem.required(at, ""));
            }
        }
    }
}
