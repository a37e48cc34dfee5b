package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.model.codec.Documents;
import java.util.TreeSet;

/// The fields that differ between two states of a structure, for people to read.
public final class SpecDiff {
    private SpecDiff() {}

    /// @param type how upstream calls the structure
    public static String of(String type, JsonNode before, JsonNode after) {
        var fields = new TreeSet<String>();
        before.fieldNames().forEachRemaining(fields::add);
        after.fieldNames().forEachRemaining(fields::add);
        var lines = new StringBuilder("  core." + type + "{\n  \t... // identical fields\n");
        for (var field : fields) {
            if (!before.path(field).equals(after.path(field))) {
                line(lines, '-', field, before.path(field));
                line(lines, '+', field, after.path(field));
            }
        }
        return lines.append("  \t... // identical fields\n  }\n").toString();
    }

    private static void line(StringBuilder lines, char sign, String field, JsonNode value) {
        if (!value.isMissingNode()) {
            lines.append(sign).append(" \t").append(field).append(": ");
            lines.append(Documents.text(value)).append(",\n");
        }
    }
}
