package dev.kapal.model.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.Documents;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// The steps of a path as `fieldsV1` writes them: `f:` a field, `k:` the keys of a list item, `v:` a value of a set,
/// `i:` a place in a list.
final class PathElement {
    private static final String FIELD = "f:";
    private static final String KEYS = "k:";
    private static final String VALUE = "v:";
    private static final String INDEX = "i:";

    private PathElement() {}

    static String field(String name) {
        return FIELD + name;
    }

    static boolean isField(String element) {
        return element.startsWith(FIELD);
    }

    static String name(String field) {
        return field.substring(FIELD.length());
    }

    static String value(JsonNode value) {
        return VALUE + Documents.text(value);
    }

    /// @param keys a copy of the key fields
    static String keys(ObjectNode keys) {
        return KEYS + Documents.text(sorted(keys));
    }

    /// The one spelling of an element that a client wrote. Throws [IllegalArgumentException].
    static String canonical(String element) {
        if (element.length() < 2 || element.charAt(1) != ':') {
            throw new IllegalArgumentException("unsupported type of path element: " + element);
        }
        return switch (element.substring(0, 2)) {
            case FIELD, INDEX -> element;
            case KEYS -> {
                if (parse(element) instanceof ObjectNode keys) {
                    yield keys(keys);
                }
                throw new IllegalArgumentException("keys must be an object: " + element);
            }
            case VALUE -> value(parse(element));
            default -> throw new IllegalArgumentException("unsupported type of path element: " + element);
        };
    }

    /// As paths in messages have it: `.spec`, `[name="web"]`, `[="finalizer"]`, `[3]`.
    static String shown(String element) {
        return switch (element.substring(0, 2)) {
            case KEYS -> {
                List<String> keys = new ArrayList<>();
                parse(element)
                        .properties()
                        .forEach(key -> keys.add(key.getKey() + "=" + Documents.text(key.getValue())));
                yield "[" + String.join(",", keys) + "]";
            }
            case VALUE -> "[=" + element.substring(VALUE.length()) + "]";
            case INDEX -> "[" + element.substring(INDEX.length()) + "]";
            default -> "." + name(element);
        };
    }

    private static JsonNode parse(String element) {
        try {
            return DocumentDecoder.value(element.substring(2).getBytes(StandardCharsets.UTF_8));
        } catch (DecodeException malformed) {
            throw new IllegalArgumentException(malformed.getMessage(), malformed);
        }
    }

    private static ObjectNode sorted(ObjectNode keys) {
        if (keys.size() < 2) {
            return keys;
        }
        var byName = new TreeMap<String, JsonNode>();
        keys.properties().forEach(key -> byName.put(key.getKey(), key.getValue()));
        var result = Documents.object();
        result.setAll(byName);
        return result;
    }
}
