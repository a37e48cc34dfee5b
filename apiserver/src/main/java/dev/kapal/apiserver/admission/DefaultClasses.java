package dev.kapal.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupVersionResource;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Finds the class that is marked as the default one by an annotation: of several the newest, then the first by name.
final class DefaultClasses {
    private DefaultClasses() {}

    /// @param annotations any of them marks the default when it is `true`
    static Optional<String> newest(ObjectReader objects, GroupVersionResource classes, Set<String> annotations)
            throws InterruptedException {
        Stream<ObjectNode> marked = objects.list(classes, "").stream()
                .map(cached -> cached.document())
                .filter(document -> annotations.stream()
                        .anyMatch(a -> document.path("metadata")
                                .path("annotations")
                                .path(a)
                                .asText()
                                .equals("true")));
        return marked.min(
                        Comparator.comparing(DefaultClasses::created).reversed().thenComparing(DefaultClasses::name))
                .map(DefaultClasses::name);
    }

    private static String created(ObjectNode document) {
        return document.path("metadata").path("creationTimestamp").asText();
    }

    private static String name(ObjectNode document) {
        return document.path("metadata").path("name").asText();
    }
}
