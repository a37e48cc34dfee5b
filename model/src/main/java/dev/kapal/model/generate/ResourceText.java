package dev.kapal.model.generate;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The list of resources, with `@Type.field` replaced by the description of that field.
final class ResourceText {
    private static final Pattern REFERENCE = Pattern.compile("@(io\\.k8s\\.[\\w.-]+)");

    private ResourceText() {}

    static String expand(String text, Map<String, String> descriptions) {
        return REFERENCE.matcher(text).replaceAll(match -> {
            var description = descriptions.get(match.group(1));
            if (description == null) {
                throw new IllegalStateException("resources speak of what does not exist: " + match.group(1));
            }
            return Matcher.quoteReplacement(description.replace("\n", " "));
        });
    }
}
