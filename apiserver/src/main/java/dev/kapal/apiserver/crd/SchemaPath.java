package dev.kapal.apiserver.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/// Paths to fields that a schema names: `.spec.replicas`, `.spec['a.b']`. Source: x-kubernetes-validations, fieldPath.
final class SchemaPath {
    private SchemaPath() {}

    /// @param path as messages write it, `spec.labels[x]`
    record Found(String path, List<String> names, JsonNode schema) {}

    /// Throws [IllegalArgumentException] with upstream's words for what leads nowhere.
    ///
    /// @param brackets whether `['name']` is allowed
    static Found find(String jsonPath, ObjectNode schema, boolean brackets) {
        var tokens = tokens(jsonPath);
        var path = new StringBuilder();
        var names = new ArrayList<String>();
        JsonNode at = schema;
        for (int i = 0; i < tokens.size(); i++) {
            var token = tokens.get(i);
            String name;
            if (token.equals(".")) {
                name = next(tokens, ++i);
            } else if (token.equals("[")) {
                if (!brackets) {
                    throw new IllegalArgumentException("array notation is not allowed");
                }
                var quoted = next(tokens, ++i);
                if (quoted.length() < 2 || !quoted.startsWith("'") || !quoted.endsWith("'")) {
                    throw new IllegalArgumentException("expected single quoted string but got " + quoted);
                }
                name = quoted.substring(1, quoted.length() - 1).replaceAll("\\\\(.)", "$1");
                if (!next(tokens, ++i).equals("]")) {
                    throw new IllegalArgumentException("expected ] but got " + tokens.get(i));
                }
            } else {
                throw new IllegalArgumentException("expected [ or . but got: " + token);
            }
            if (at.has("properties")) {
                at = at.get("properties").get(name);
                path.append(path.isEmpty() ? "" : ".").append(name);
            } else if (at.path("additionalProperties").isObject()) {
                at = at.get("additionalProperties");
                path.append('[').append(name).append(']');
            } else {
                at = null;
            }
            if (at == null) {
                throw new IllegalArgumentException("does not refer to a valid field");
            }
            names.add(name);
        }
        return new Found(path.toString(), names, at);
    }

    private static String next(List<String> tokens, int at) {
        if (at >= tokens.size()) {
            throw new IllegalArgumentException("unexpected end of JSON path");
        }
        return tokens.get(at);
    }

    private static List<String> tokens(String path) {
        var tokens = new ArrayList<String>();
        int at = 0;
        while (at < path.length()) {
            int from = at++;
            char first = path.charAt(from);
            if (first == '\'') {
                while (at < path.length() && (path.charAt(at) != '\'' || path.charAt(at - 1) == '\\')) {
                    at++;
                }
                at = Math.min(at + 1, path.length());
            } else if (!isDelimiter(first)) {
                while (at < path.length() && !isDelimiter(path.charAt(at))) {
                    at++;
                }
            }
            tokens.add(path.substring(from, at));
        }
        return tokens;
    }

    private static boolean isDelimiter(char c) {
        return c == '.' || c == '[' || c == ']';
    }
}
