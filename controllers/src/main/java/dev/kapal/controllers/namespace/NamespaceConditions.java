package dev.kapal.controllers.namespace;

import dev.kapal.controllers.workload.Times;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceCondition;
import io.fabric8.kubernetes.api.model.NamespaceConditionBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a namespace on its way out says about how far it is.
final class NamespaceConditions {
    private NamespaceConditions() {}

    /// @param undiscovered why the API server could not say what to delete
    static List<NamespaceCondition> of(
            Namespace namespace, Optional<String> undiscovered, Emptying.Left left, Instant now) {
        return List.of(
                        undiscovered
                                .map(why ->
                                        condition("NamespaceDeletionDiscoveryFailure", "True", "DiscoveryFailed", why))
                                .orElse(condition(
                                        "NamespaceDeletionDiscoveryFailure",
                                        "False",
                                        "ResourcesDiscovered",
                                        "All resources successfully discovered")),
                        condition(
                                "NamespaceDeletionGroupVersionParsingFailure",
                                "False",
                                "ParsedGroupVersions",
                                "All legacy kube types successfully parsed"),
                        failures(left),
                        remaining(left),
                        finalizers(left))
                .stream()
                .map(condition -> dated(condition, namespace, now))
                .toList();
    }

    private static NamespaceCondition failures(Emptying.Left left) {
        if (left.failures().isEmpty()) {
            return condition(
                    "NamespaceDeletionContentFailure",
                    "False",
                    "ContentDeleted",
                    "All content successfully deleted, may be waiting on finalization");
        }
        return condition(
                "NamespaceDeletionContentFailure",
                "True",
                "ContentDeletionFailed",
                "Failed to delete all resource types, " + left.failures().size() + " remaining: "
                        + String.join(", ", left.failures()));
    }

    private static NamespaceCondition remaining(Emptying.Left left) {
        if (left.remaining().isEmpty()) {
            return condition(
                    "NamespaceContentRemaining", "False", "ContentRemoved", "All content successfully removed");
        }
        return condition(
                "NamespaceContentRemaining",
                "True",
                "SomeResourcesRemain",
                "Some resources are remaining: " + listed(left.remaining(), " has "));
    }

    private static NamespaceCondition finalizers(Emptying.Left left) {
        if (left.finalizers().isEmpty()) {
            return condition(
                    "NamespaceFinalizersRemaining",
                    "False",
                    "ContentHasNoFinalizers",
                    "All content-preserving finalizers finished");
        }
        return condition(
                "NamespaceFinalizersRemaining",
                "True",
                "SomeFinalizersRemain",
                "Some content in the namespace has finalizers remaining: " + listed(left.finalizers(), " in "));
    }

    private static String listed(Map<String, Integer> counts, String between) {
        return counts.entrySet().stream()
                .map(entry -> entry.getKey() + between + entry.getValue() + " resource instances")
                .collect(Collectors.joining(", "));
    }

    private static NamespaceCondition condition(String type, String status, String reason, String message) {
        return new NamespaceConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .build();
    }

    /// The transition time moves only with the status.
    private static NamespaceCondition dated(NamespaceCondition condition, Namespace namespace, Instant now) {
        var known = namespace.getStatus() == null ? null : namespace.getStatus().getConditions();
        String since = Objects.requireNonNullElse(known, List.<NamespaceCondition>of()).stream()
                .filter(before -> before.getType().equals(condition.getType())
                        && before.getStatus().equals(condition.getStatus()))
                .map(NamespaceCondition::getLastTransitionTime)
                .findFirst()
                .orElse(Times.text(now));
        condition.setLastTransitionTime(since);
        return condition;
    }
}
