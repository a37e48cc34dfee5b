package dev.kapal.model.select;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Chooses objects by their labels: all requirements must hold. Immutable.
public record LabelSelector(List<LabelRequirement> requirements) implements Predicate<Map<String, String>> {
    public static final LabelSelector EVERYTHING = new LabelSelector(List.of());
    public static final LabelSelector NOTHING =
            new LabelSelector(List.of(new LabelRequirement("", LabelRequirement.Operator.IN, List.of())));

    public LabelSelector {
        requirements = List.copyOf(requirements);
    }

    /// Reads the query form: `app=web,tier in (a,b),!old`. Throws [SelectorException].
    public static LabelSelector parse(String text) {
        return new LabelSelector(new LabelSelectorParser(text).parse());
    }

    /// Reads `{matchLabels, matchExpressions}`; an empty one selects everything, an absent one nothing. Throws
    /// [SelectorException].
    public static LabelSelector fromDocument(JsonNode selector) {
        if (selector == null || !selector.isObject()) {
            return NOTHING;
        }
        var requirements = new ArrayList<LabelRequirement>();
        for (var label : selector.path("matchLabels").properties()) {
            requirements.add(LabelRequirement.checked(
                    label.getKey(),
                    LabelRequirement.Operator.EQUALS,
                    List.of(label.getValue().asText())));
        }
        for (var expression : selector.path("matchExpressions")) {
            requirements.add(expression(expression));
        }
        return new LabelSelector(requirements);
    }

    /// Selects objects that carry all of these labels, as the selector of a Service does; none select nothing.
    public static LabelSelector ofLabels(Map<String, String> labels) {
        if (labels.isEmpty()) {
            return NOTHING;
        }
        return new LabelSelector(labels.entrySet().stream()
                .map(e -> new LabelRequirement(e.getKey(), LabelRequirement.Operator.EQUALS, List.of(e.getValue())))
                .toList());
    }

    private static LabelRequirement expression(JsonNode expression) {
        var operator = expression.path("operator").asText();
        var values = new ArrayList<String>();
        expression.path("values").forEach(v -> values.add(v.asText()));
        return LabelRequirement.checked(
                expression.path("key").asText(),
                switch (operator) {
                    case "In" -> LabelRequirement.Operator.IN;
                    case "NotIn" -> LabelRequirement.Operator.NOT_IN;
                    case "Exists" -> LabelRequirement.Operator.EXISTS;
                    case "DoesNotExist" -> LabelRequirement.Operator.NOT_EXISTS;
                    default ->
                        throw new SelectorException("\"" + operator + "\" is not a valid label selector operator");
                },
                values);
    }

    @Override
    public boolean test(Map<String, String> labels) {
        return holds(key -> Optional.ofNullable(labels.get(key)));
    }

    /// On the `metadata.labels` of a document; a missing node has no labels.
    public boolean matches(JsonNode labels) {
        return holds(key -> Optional.ofNullable(labels.get(key)).map(JsonNode::asText));
    }

    private boolean holds(Function<String, Optional<String>> labels) {
        for (var requirement : requirements) {
            if (!requirement.holds(labels.apply(requirement.key()))) {
                return false;
            }
        }
        return true;
    }

    public boolean isEmpty() {
        return requirements.isEmpty();
    }

    /// The query form, ordered by key.
    @Override
    public String toString() {
        return requirements.stream()
                .sorted(Comparator.comparing(LabelRequirement::key))
                .map(LabelRequirement::toString)
                .collect(Collectors.joining(","));
    }
}
