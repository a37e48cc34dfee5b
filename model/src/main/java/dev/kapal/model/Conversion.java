package dev.kapal.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/// Turns the documents of one resource from any of its versions into any other. Pure for Kubernetes' own kinds; that
/// of a custom resource may ask a webhook, so it may block, and it may refuse with an exception that clients are shown.
/// Whoever interrupts it gets the refusal and the interrupt. Any thread.
///
/// What version a document is in is what its `apiVersion` says.
@FunctionalInterface
public interface Conversion {
    /// For what has one version only.
    Conversion NONE = (documents, to) -> {
        for (var document : documents) {
            if (!document.path("apiVersion").asText().equals(to.apiVersion())) {
                throw new IllegalArgumentException(
                        "no way from " + document.path("apiVersion").asText() + " to " + to);
            }
        }
        return documents;
    };

    /// All documents in the form of `to`, in the same order. The given ones are used up: they may be changed in place.
    List<ObjectNode> convert(List<ObjectNode> documents, GroupVersion to);

    /// The selectable field that clients of `version` call `label`, as the stored form calls it; empty when they do
    /// not know it.
    default Optional<String> field(GroupVersion version, String label) {
        return Optional.of(label);
    }

    /// Whether admission, strategy and validation look at the stored form; otherwise at the form of the request, of
    /// which each version has rules of its own.
    default boolean rulesSeeStoredForm() {
        return true;
    }
}
