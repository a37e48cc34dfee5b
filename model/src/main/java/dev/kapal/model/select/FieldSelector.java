package dev.kapal.model.select;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Chooses objects by fields: all requirements must hold. Which fields exist is the kind's business. Immutable.
public record FieldSelector(List<Requirement> requirements) {
    public static final FieldSelector EVERYTHING = new FieldSelector(List.of());

    /// `field=value`, or `field!=value` when `equal` is false.
    public record Requirement(String field, boolean equal, String value) {}

    public FieldSelector {
        requirements = List.copyOf(requirements);
    }

    /// Reads `metadata.name=web,status.phase!=Running`. Throws [SelectorException].
    public static FieldSelector parse(String text) {
        throw new UnsupportedOperationException();
    }

    /// @param fields the value of a field of the object; an absent one counts as the empty string
    public boolean matches(Function<String, String> fields) {
        return requirements.stream().allMatch(r -> r.value().equals(fields.apply(r.field())) == r.equal());
    }

    /// The value that `field` must have, when one requirement pins it.
    public Optional<String> exact(String field) {
        return requirements.stream()
                .filter(r -> r.equal() && r.field().equals(field))
                .map(Requirement::value)
                .findFirst();
    }

    public boolean isEmpty() {
        return requirements.isEmpty();
    }
}
