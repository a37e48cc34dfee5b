package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.codec.Documents;
import java.util.List;
import java.util.Locale;

/// A value as upstream's messages show a structure of its own: all fields under their Go names, the unset ones too.
final class GoStruct {
    private GoStruct() {}

    /// @param fields their Go names in order; a `?` follows what may be null, a `#` a number
    static ObjectNode of(JsonNode value, String... fields) {
        var shown = Documents.object();
        for (var field : fields) {
            boolean nullable = field.endsWith("?");
            boolean number = field.endsWith("#");
            var name = nullable || number ? field.substring(0, field.length() - 1) : field;
            var present = value.get(documentName(name));
            if (present != null) {
                shown.set(name, present);
            } else if (nullable) {
                shown.putNull(name);
            } else if (number) {
                shown.put(name, 0);
            } else {
                shown.put(name, "");
            }
        }
        return shown;
    }

    static ArrayNode list(List<JsonNode> values) {
        return Documents.object().arrayNode().addAll(values);
    }

    private static String documentName(String name) {
        boolean acronym = name.equals(name.toUpperCase(Locale.ROOT));
        return acronym
                ? name.toLowerCase(Locale.ROOT)
                : name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }
}
