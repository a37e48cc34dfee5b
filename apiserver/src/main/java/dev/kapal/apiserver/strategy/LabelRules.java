package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.Names;
import java.util.Locale;

/// What labels and annotations may look like. Source: API conventions, metadata.
public final class LabelRules {
    private static final int ANNOTATIONS_LIMIT = 256 * 1024;

    private LabelRules() {}

    public static void checkLabels(String path, JsonNode labels, Problems problems) {
        labels.properties().forEach(label -> {
            problems.invalid(path, label.getKey(), Names.qualifiedName(label.getKey()));
            var value = label.getValue().asText();
            problems.invalid(path, value, Names.labelValue(value));
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
