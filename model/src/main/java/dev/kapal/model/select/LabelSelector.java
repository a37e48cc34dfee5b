package dev.kapal.model.select;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// Chooses objects by their labels: all requirements must hold. Immutable.
public record LabelSelector(List<Requirement> requirements) implements Predicate<Map<String, String>> {
    public static final LabelSelector EVERYTHING = new LabelSelector(List.of());

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

    /// One condition on one label; `values` are sorted.
    public record Requirement(String key, Operator operator, List<String> values) {
        public Requirement {
            values = values.stream().sorted().toList();
        }
    }

    public LabelSelector {
        requirements = List.copyOf(requirements);
    }

    /// Reads the query form: `app=web,tier in (a,b),!old`. Throws [SelectorException].
    public static LabelSelector parse(String text) {
        throw new UnsupportedOperationException();
    }

    /// Reads `{matchLabels, matchExpressions}`. Throws [SelectorException]. An empty one selects everything.
    public static LabelSelector fromDocument(JsonNode selector) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean test(Map<String, String> labels) {
        throw new UnsupportedOperationException();
    }

    /// On the `metadata.labels` of a document; a missing node has no labels.
    public boolean matches(JsonNode labels) {
        throw new UnsupportedOperationException();
    }

    public boolean isEmpty() {
        return requirements.isEmpty();
    }
}
