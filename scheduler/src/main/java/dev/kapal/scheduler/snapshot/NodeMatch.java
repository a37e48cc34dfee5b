package dev.kapal.scheduler.snapshot;

import io.fabric8.kubernetes.api.model.NodeSelector;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Terms of a node selector, of which one must hold. Immutable. Source: core/v1 NodeSelectorTerm.
public final class NodeMatch {
    private final List<Term> terms;

    private NodeMatch(List<Term> terms) {
        this.terms = terms;
    }

    static NodeMatch of(NodeSelector selector) {
        return new NodeMatch(
                selector.getNodeSelectorTerms().stream().map(Term::of).toList());
    }

    static NodeMatch of(NodeSelectorTerm term) {
        return new NodeMatch(List.of(Term.of(term)));
    }

    public boolean matches(NodeFacts node) {
        return terms.stream().anyMatch(term -> term.matches(node));
    }

    /// The only nodes that can match, when every term names its nodes: what DaemonSet pods do.
    public Optional<Set<String>> names() {
        if (terms.isEmpty() || terms.stream().anyMatch(term -> term.names().isEmpty())) {
            return Optional.empty();
        }
        return Optional.of(Set.copyOf(
                terms.stream().flatMap(term -> term.names().get().stream()).toList()));
    }

    /// Conditions that must all hold; a term without any matches nothing.
    private record Term(List<Predicate<NodeFacts>> conditions, Optional<Set<String>> names) {
        static Term of(NodeSelectorTerm term) {
            var labels = term.getMatchExpressions().stream()
                    .<Predicate<NodeFacts>>map(
                            r -> node -> holds(r, node.labels().get(r.getKey())));
            var fields = term.getMatchFields().stream().<Predicate<NodeFacts>>map(r -> node -> holds(r, node.name()));
            return new Term(Stream.concat(labels, fields).toList(), names(term.getMatchFields()));
        }

        boolean matches(NodeFacts node) {
            return !conditions.isEmpty() && conditions.stream().allMatch(condition -> condition.test(node));
        }

        private static Optional<Set<String>> names(List<NodeSelectorRequirement> fields) {
            return fields.stream()
                    .filter(field -> "In".equals(field.getOperator()))
                    .map(field -> Set.copyOf(field.getValues()))
                    .reduce((one, other) ->
                            Set.copyOf(one.stream().filter(other::contains).toList()));
        }
    }

    /// Whether the requirement holds for `value`, null when there is none.
    private static boolean holds(NodeSelectorRequirement requirement, String value) {
        return switch (requirement.getOperator()) {
            case "In" -> value != null && requirement.getValues().contains(value);
            case "NotIn" -> value == null || !requirement.getValues().contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            case "Gt" -> compare(value, requirement.getValues()) > 0;
            case "Lt" -> compare(value, requirement.getValues()) < 0;
            default -> false;
        };
    }

    /// Zero, which satisfies neither order, when one side is not a number.
    private static int compare(String value, List<String> bounds) {
        try {
            return value == null || bounds.size() != 1
                    ? 0
                    : Long.compare(Long.parseLong(value), Long.parseLong(bounds.getFirst()));
        } catch (NumberFormatException notANumber) {
            return 0;
        }
    }
}
