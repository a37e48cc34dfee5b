package dev.kapal.model.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The OpenAPI 2 document of another server, to become part of this one's. Pure; whatever the other server wrote, this
/// does not fail. Source: kube-openapi, `pkg/aggregator`.
public final class ForeignSpec {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String DEFINITION = "#/definitions/";
    private static final String PARAMETER = "#/parameters/";
    private static final String KINDS = "x-kubernetes-group-version-kind";

    private ForeignSpec() {}

    /// The paths that begin with `prefix`, and the definitions that they lead to.
    public static ObjectNode only(ObjectNode document, String prefix) {
        var part = NODES.objectNode();
        var paths = part.putObject("paths");
        document.path("paths").properties().forEach(path -> {
            if (path.getKey().startsWith(prefix)) {
                paths.set(path.getKey(), withParameters(path.getValue(), document.path("parameters")));
            }
        });
        var definitions = part.putObject("definitions");
        var all = document.path("definitions");
        reachable(paths, all).stream().sorted().forEach(name -> definitions.set(name, all.path(name)));
        return part;
    }

    /// A path or an operation with its parameters in full instead of references to those of the document.
    private static JsonNode withParameters(JsonNode node, JsonNode parameters) {
        if (!(node instanceof ObjectNode object)) {
            return node;
        }
        var resolved = NODES.objectNode();
        object.properties().forEach(entry -> {
            var value = entry.getValue();
            if (entry.getKey().equals("parameters") && value.isArray()) {
                var list = resolved.putArray("parameters");
                value.forEach(parameter -> list.add(resolved(parameter, parameters)));
            } else {
                resolved.set(entry.getKey(), withParameters(value, parameters));
            }
        });
        return resolved;
    }

    private static JsonNode resolved(JsonNode parameter, JsonNode parameters) {
        String reference = parameter.path("$ref").asText("");
        return reference.startsWith(PARAMETER) ? parameters.path(reference.substring(PARAMETER.length())) : parameter;
    }

    private static Set<String> reachable(JsonNode from, JsonNode definitions) {
        var found = new HashSet<String>();
        var open = new ArrayDeque<JsonNode>();
        open.add(from);
        while (!open.isEmpty()) {
            var node = open.poll();
            var reference = node.path("$ref");
            if (reference.isTextual() && reference.asText().startsWith(DEFINITION)) {
                String name = reference.asText().substring(DEFINITION.length());
                if (definitions.has(name) && found.add(name)) {
                    open.add(definitions.path(name));
                }
            }
            node.forEach(open::add);
        }
        return found;
    }

    /// Adds to `document` the paths that it does not have, and their definitions: one that is there already is shared,
    /// another one of the same name is renamed.
    ///
    /// @param part what [#only(ObjectNode, String)] made; not changed
    static void addTo(ObjectNode document, ObjectNode part) {
        var definitions = document.withObject("/definitions");
        var names = names(definitions, part.path("definitions"));
        var sorted = new TreeMap<String, JsonNode>();
        definitions.properties().forEach(one -> sorted.put(one.getKey(), one.getValue()));
        part.path("definitions").properties().forEach(one -> {
            String name = names.getOrDefault(one.getKey(), one.getKey());
            var definition = renamed(one.getValue(), names);
            sorted.merge(name, definition, ForeignSpec::shared);
        });
        definitions.removeAll();
        definitions.setAll(sorted);
        var paths = document.withObject("/paths");
        part.path("paths").properties().forEach(path -> {
            if (!paths.has(path.getKey())) {
                paths.set(path.getKey(), renamed(path.getValue(), names));
            }
        });
    }

    /// New names for the definitions that differ from those of the same name: `NAME_v2`, or the next that is free.
    private static Map<String, String> names(JsonNode taken, JsonNode added) {
        var names = new HashMap<String, String>();
        added.properties().forEach(one -> {
            String name = one.getKey();
            if (!taken.has(name) || withoutKinds(taken.path(name)).equals(withoutKinds(one.getValue()))) {
                return;
            }
            int count = 2;
            while (taken.has(name + "_v" + count) || added.has(name + "_v" + count)) {
                count++;
            }
            names.put(name, name + "_v" + count);
        });
        return names;
    }

    private static JsonNode withoutKinds(JsonNode definition) {
        return definition.has(KINDS) ? ((ObjectNode) definition).deepCopy().without(KINDS) : definition;
    }

    /// Both servers have it: it stands for the kinds of both.
    private static JsonNode shared(JsonNode own, JsonNode other) {
        if (other.path(KINDS).isEmpty()) {
            return own;
        }
        var shared = (ObjectNode) own.deepCopy();
        var kinds = shared.withArray(KINDS);
        for (var kind : other.path(KINDS)) {
            if (!contains(kinds, kind)) {
                kinds.add(kind);
            }
        }
        return shared;
    }

    private static boolean contains(ArrayNode kinds, JsonNode kind) {
        for (var present : kinds) {
            if (present.equals(kind)) {
                return true;
            }
        }
        return false;
    }

    private static JsonNode renamed(JsonNode node, Map<String, String> names) {
        if (names.isEmpty() || !node.isContainerNode()) {
            return node;
        }
        if (node instanceof ArrayNode array) {
            var copy = NODES.arrayNode();
            array.forEach(item -> copy.add(renamed(item, names)));
            return copy;
        }
        var copy = NODES.objectNode();
        node.properties().forEach(entry -> {
            var value = entry.getValue();
            if (entry.getKey().equals("$ref")
                    && value.isTextual()
                    && value.asText().startsWith(DEFINITION)) {
                String name = value.asText().substring(DEFINITION.length());
                copy.put("$ref", DEFINITION + names.getOrDefault(name, name));
            } else {
                copy.set(entry.getKey(), renamed(value, names));
            }
        });
        return copy;
    }
}
