package dev.kapal.controllers.workload;

import dev.kapal.model.select.LabelRequirement;
import dev.kapal.model.select.LabelSelector;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Selectors from the typed models.
public final class Selectors {
    private Selectors() {}

    /// An absent selector selects nothing, an empty one everything.
    public static LabelSelector of(io.fabric8.kubernetes.api.model.LabelSelector selector) {
        if (selector == null) {
            return LabelSelector.NOTHING;
        }
        var requirements = new ArrayList<LabelRequirement>();
        Objects.requireNonNullElse(selector.getMatchLabels(), Map.<String, String>of())
                .forEach((key, value) ->
                        requirements.add(new LabelRequirement(key, LabelRequirement.Operator.EQUALS, List.of(value))));
        for (LabelSelectorRequirement expression :
                Objects.requireNonNullElse(selector.getMatchExpressions(), List.<LabelSelectorRequirement>of())) {
            requirements.add(new LabelRequirement(
                    expression.getKey(),
                    operator(expression.getOperator()),
                    Objects.requireNonNullElse(expression.getValues(), List.of())));
        }
        return new LabelSelector(requirements);
    }

    public static boolean matches(LabelSelector selector, HasMetadata object) {
        return selector.test(labels(object));
    }

    public static Map<String, String> labels(HasMetadata object) {
        return Objects.requireNonNullElse(object.getMetadata().getLabels(), Map.of());
    }

    public static Map<String, String> annotations(HasMetadata object) {
        return Objects.requireNonNullElse(object.getMetadata().getAnnotations(), Map.of());
    }

    private static LabelRequirement.Operator operator(String name) {
        return switch (name) {
            case "In" -> LabelRequirement.Operator.IN;
            case "NotIn" -> LabelRequirement.Operator.NOT_IN;
            case "Exists" -> LabelRequirement.Operator.EXISTS;
            case "DoesNotExist" -> LabelRequirement.Operator.NOT_EXISTS;
            default -> throw new IllegalArgumentException("\"" + name + "\" is not a valid label selector operator");
        };
    }
}
