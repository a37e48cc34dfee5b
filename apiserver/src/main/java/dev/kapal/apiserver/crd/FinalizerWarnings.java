package dev.kapal.apiserver.crd;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.Meta;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Finalizers of custom resources have free names; some of them could be somebody else's. Source: apiextensions,
/// warnings for custom resources.
final class FinalizerWarnings {
    private static final Set<String> STANDARD = Set.of("foregroundDeletion", "orphan");

    private FinalizerWarnings() {}

    static List<String> of(ObjectNode object) {
        return of(new TreeSet<>(Meta.of(object).finalizers()));
    }

    /// Of those that `stored` does not have.
    static List<String> of(ObjectNode object, ObjectNode stored) {
        var added = new TreeSet<>(Meta.of(object).finalizers());
        Meta.of(stored).finalizers().forEach(added::remove);
        return of(added);
    }

    private static List<String> of(Set<String> finalizers) {
        var warnings = new ArrayList<String>();
        for (var finalizer : finalizers) {
            if (finalizer.indexOf('/') < 0 && !STANDARD.contains(finalizer)) {
                warnings.add("metadata.finalizers: \"" + finalizer + "\": prefer a domain-qualified finalizer name"
                        + " including a path (/) to avoid accidental conflicts with other finalizer writers");
            }
        }
        return warnings;
    }
}
