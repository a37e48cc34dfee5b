package dev.kapal.model.select;

import dev.kapal.model.Names;
import dev.kapal.model.Problem;
import java.util.List;
import java.util.Optional;

/// One condition on one label; `values` are sorted.
public record LabelRequirement(String key, Operator operator, List<String> values) {

    /// How a label is compared.
    public enum Operator {
        EQUALS,
        NOT_EQUALS,
        IN,
        NOT_IN,
        EXISTS,
        NOT_EXISTS,
        GREATER,
        LESS
    }

    public LabelRequirement {
        values = values.stream().sorted().distinct().toList();
    }

    /// Like the constructor, but throws [SelectorException] for what upstream refuses.
    static LabelRequirement checked(String key, Operator operator, List<String> values) {
        checkKey("key", key);
        var requirement = new LabelRequirement(key, operator, values);
        requirement.checkCount();
        for (int i = 0; i < requirement.values.size(); i++) {
            requirement.checkValue(i);
        }
        return requirement;
    }

    static void checkKey(String path, String key) {
        refuse(path, key, Names.qualifiedName(key));
    }

    private void checkCount() {
        var problem = switch (operator) {
            case IN, NOT_IN -> values.isEmpty() ? "for 'in', 'notin' operators, values set can't be empty" : "";
            case EQUALS, NOT_EQUALS -> values.size() != 1 ? "exact-match compatibility requires one single value" : "";
            case EXISTS, NOT_EXISTS -> values.isEmpty() ? "" : "values set must be empty for exists and does not exist";
            case GREATER, LESS -> values.size() != 1 ? "for 'Gt', 'Lt' operators, exactly one value is required" : "";
        };
        if (!problem.isEmpty()) {
            throw new SelectorException("values: Invalid value: " + quotedValues() + ": " + problem);
        }
    }

    private String quotedValues() {
        return "[" + String.join(",", values.stream().map(v -> '"' + v + '"').toList()) + "]";
    }

    private void checkValue(int index) {
        var value = values.get(index);
        if ((operator == Operator.GREATER || operator == Operator.LESS)
                && number(value).isEmpty()) {
            refuse("values[" + index + "]", value, List.of("for 'Gt', 'Lt' operators, the value must be an integer"));
        }
        refuse("values[" + index + "][" + key + "]", value, Names.labelValue(value));
    }

    private static void refuse(String path, String value, List<String> problems) {
        if (!problems.isEmpty()) {
            throw new SelectorException(
                    Problem.invalid(path, value, String.join("; ", problems)).message());
        }
    }

    boolean holds(Optional<String> label) {
        return switch (operator) {
            case EQUALS, IN -> label.isPresent() && values.contains(label.get());
            case NOT_EQUALS, NOT_IN -> label.isEmpty() || !values.contains(label.get());
            case EXISTS -> label.isPresent();
            case NOT_EXISTS -> label.isEmpty();
            case GREATER -> compare(label) > 0;
            case LESS -> compare(label) < 0;
        };
    }

    /// Zero, which satisfies neither order, when one side is no number.
    private int compare(Optional<String> label) {
        var left = label.flatMap(LabelRequirement::number);
        var right = number(values.getFirst());
        return left.isPresent() && right.isPresent() ? left.get().compareTo(right.get()) : 0;
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /// The query form of this one condition.
    @Override
    public String toString() {
        var list = String.join(",", values);
        return switch (operator) {
            case EQUALS -> key + "=" + list;
            case NOT_EQUALS -> key + "!=" + list;
            case IN -> key + " in (" + list + ")";
            case NOT_IN -> key + " notin (" + list + ")";
            case EXISTS -> key;
            case NOT_EXISTS -> "!" + key;
            case GREATER -> key + ">" + list;
            case LESS -> key + "<" + list;
        };
    }
}
