package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Names;
import java.util.Locale;
import java.util.Set;

/// What labels and annotations may look like. Source: API conventions, metadata.
public final class LabelRules {
    private static final int ANNOTATIONS_LIMIT = 256 * 1024;
    private static final Set<String> TEMPLATE = Set.of("labels", "annotations");

    private LabelRules() {}

    public static void checkLabels(String path, JsonNode labels, Problems problems) {
        labels.properties().forEach(label -> {
            problems.invalid(path, label.getKey(), Names.qualifiedName(label.getKey()));
            var value = label.getValue().asText();
            problems.invalid(path, value, Names.labelValue(value));
        });
    }

    /// The metadata of a template, which has labels and annotations and nothing else.
    public static void checkTemplate(String path, JsonNode metadata, Problems problems) {
        checkAnnotations(path + ".annotations", metadata.path("annotations"), problems);
        checkLabels(path + ".labels", metadata.path("labels"), problems);
        metadata.fieldNames().forEachRemaining(field -> {
            if (!TEMPLATE.contains(field)) {
                problems.forbidden(path + "." + field, "cannot be set");
            }
        });
    }

    public static void checkAnnotations(String path, JsonNode annotations, Problems problems) {
        long size = 0;
        for (var annotation : annotations.properties()) {
            var key = annotation.getKey();
            problems.invalid(path, key, Names.qualifiedName(key.toLowerCase(Locale.ROOT)));
            size += Sizes.utf8(key) + Sizes.utf8(annotation.getValue().asText());
        }
        if (size > ANNOTATIONS_LIMIT) {
            problems.tooLong(path, ANNOTATIONS_LIMIT);
        }
    }
}
