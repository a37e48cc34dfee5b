package dev.kapal.model.structural;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.Pattern;
import dev.kapal.model.Problem;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// The rules about one value that look at nothing else: lengths, limits, patterns, closed sets.
final class Scalars {
    private final ObjectNode schema;
    private final List<JsonNode> enums = new ArrayList<>();

    Scalars(ObjectNode schema) {
        this.schema = schema;
        schema.path("enum").forEach(enums::add);
    }

    void check(List<Problem> problems, String path, JsonNode value, Optional<Pattern> pattern) {
        if (value.isTextual()) {
            text(problems, path, value.textValue(), pattern);
        } else if (value.isNumber()) {
            number(problems, path, value);
        }
    }

    private void text(List<Problem> problems, String path, String value, Optional<Pattern> pattern) {
        int length = value.codePointCount(0, value.length());
        if (schema.has("maxLength") && length > schema.get("maxLength").asLong()) {
            problems.add(Problem.tooLong(path, schema.get("maxLength").asInt()));
        }
        if (schema.has("minLength") && length < schema.get("minLength").asLong()) {
            problems.add(Problem.invalid(
                    path,
                    value,
                    ValueRules.in(path) + " should be at least "
                            + schema.get("minLength").asLong() + " chars long"));
        }
        if (pattern.isPresent() && !pattern.get().matcher(value).find()) {
            problems.add(Problem.invalid(
                    path,
                    value,
                    ValueRules.in(path) + " should match '"
                            + schema.get("pattern").asText() + "'"));
        }
    }

    private void number(List<Problem> problems, String path, JsonNode value) {
        var number = value.decimalValue();
        if (schema.has("multipleOf")) {
            var factor = schema.get("multipleOf").decimalValue();
            if (factor.signum() > 0 && number.remainder(factor).signum() != 0) {
                problems.add(Problem.invalid(
                        path, shown(value), ValueRules.in(path) + " should be a multiple of " + shown(factor, value)));
            }
        }
        if (schema.has("maximum")) {
            limit(problems, path, value, "maximum", "exclusiveMaximum", "less than", 1);
        }
        if (schema.has("minimum")) {
            limit(problems, path, value, "minimum", "exclusiveMinimum", "greater than", -1);
        }
    }

    private void limit(
            List<Problem> problems,
            String path,
            JsonNode value,
            String field,
            String exclusive,
            String words,
            int sign) {
        var limit = schema.get(field).decimalValue();
        boolean open = schema.path(exclusive).asBoolean();
        int side = value.decimalValue().compareTo(limit) * sign;
        if (side > 0 || open && side == 0) {
            problems.add(Problem.invalid(
                    path,
                    shown(value),
                    ValueRules.in(path) + " should be " + words + (open ? " " : " or equal to ")
                            + shown(limit, value)));
        }
    }

    private static Object shown(JsonNode value) {
        return value.isIntegralNumber() ? value : goFloat(value.doubleValue());
    }

    /// Whole numbers are compared, and shown, as such.
    private static String shown(BigDecimal limit, JsonNode value) {
        boolean whole = limit.stripTrailingZeros().scale() <= 0;
        return whole && value.isIntegralNumber()
                ? limit.toBigInteger().toString()
                : goFloat(limit.doubleValue()).toString();
    }

    /// The shortest form that Go prints; it turns to exponents early.
    private static Object goFloat(double value) {
        var decimal = BigDecimal.valueOf(value).stripTrailingZeros();
        int exponent = decimal.precision() - decimal.scale() - 1;
        if (value == 0 || exponent >= -4 && exponent < 6) {
            return new Bare(decimal.toPlainString());
        }
        var digits = decimal.unscaledValue().abs().toString();
        var mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return new Bare((value < 0 ? "-" : "") + mantissa + "e" + (exponent < 0 ? "-" : "+")
                + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent));
    }

    /// A number in a form of its own.
    private static final class Bare extends Number {
        private final String text;

        Bare(String text) {
            this.text = text;
        }

        @Override
        public int intValue() {
            return (int) doubleValue();
        }

        @Override
        public long longValue() {
            return (long) doubleValue();
        }

        @Override
        public float floatValue() {
            return (float) doubleValue();
        }

        @Override
        public double doubleValue() {
            return Double.parseDouble(text);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    void checkEnum(List<Problem> problems, String path, JsonNode value) {
        if (enums.isEmpty() || enums.stream().anyMatch(allowed -> same(allowed, value))) {
            return;
        }
        var supported = enums.stream()
                .map(allowed -> allowed.isTextual() ? allowed.textValue() : allowed.toString())
                .toList();
        problems.add(Problem.notSupported(path, value.isNull() ? null : value, supported));
    }

    private static boolean same(JsonNode one, JsonNode other) {
        return one.equals(other)
                || one.isNumber() && other.isNumber() && one.decimalValue().compareTo(other.decimalValue()) == 0;
    }

    void checkItems(List<Problem> problems, String path, ArrayNode array) {
        if (schema.has("minItems") && array.size() < schema.get("minItems").asLong()) {
            problems.add(Problem.invalid(
                    path,
                    array.size(),
                    ValueRules.in(path) + " should have at least "
                            + schema.get("minItems").asLong() + " items"));
        }
        if (schema.has("maxItems") && array.size() > schema.get("maxItems").asLong()) {
            problems.add(
                    Problem.tooMany(path, array.size(), schema.get("maxItems").asInt()));
        }
        if (schema.path("uniqueItems").asBoolean()) {
            var seen = new HashSet<JsonNode>();
            for (var item : array) {
                if (!seen.add(item)) {
                    problems.add(Problem.invalid(path, "", ValueRules.in(path) + " shouldn't contain duplicates"));
                    return;
                }
            }
        }
    }

    void checkProperties(List<Problem> problems, String path, ObjectNode object) {
        if (schema.has("minProperties")
                && object.size() < schema.get("minProperties").asLong()) {
            problems.add(Problem.invalid(
                    path,
                    object.size(),
                    ValueRules.in(path) + " should have at least "
                            + schema.get("minProperties").asLong() + " properties"));
        }
        if (schema.has("maxProperties")
                && object.size() > schema.get("maxProperties").asLong()) {
            problems.add(Problem.tooMany(
                    path, object.size(), schema.get("maxProperties").asInt()));
        }
    }
}
