package dev.kapal.model.openapi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.ResourceDefinition;
import dev.kapal.model.Schema;
import dev.kapal.model.SchemaLibrary;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.structural.StructuralSchema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The definitions of one document: those that somebody referred to, and all that these refer to. One thread.
final class Definitions {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String PATCH = "io.k8s.apimachinery.pkg.apis.meta.v1.Patch";

    private static final String SCHEMAS = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.";
    /// What may be more than an object: clients must not insist on one.
    private static final Set<String> UNTYPED = Set.of(
            SCHEMAS + "JSON",
            SCHEMAS + "JSONSchemaPropsOrArray",
            SCHEMAS + "JSONSchemaPropsOrBool",
            SCHEMAS + "JSONSchemaPropsOrStringArray");

    /// Kind → the name of its definition, for all types of the library. Made once, when the first document is.
    private static final class Index {
        static final Map<GroupVersionKind, String> NAMES = new HashMap<>();

        static {
            var library = SchemaLibrary.builtIn();
            for (String name : library.names()) {
                List<GroupVersionKind> kinds = library.schema(name).kinds();
                // A type that many groups share (DeleteOptions, Status) is found by its name, not by a kind.
                if (kinds.size() == 1) {
                    NAMES.put(kinds.getFirst(), name);
                }
            }
        }
    }

    private final Dialect dialect;
    private final Map<String, ObjectNode> written = new TreeMap<>();
    private final Deque<Schema> wanted = new ArrayDeque<>();

    Definitions(Dialect dialect) {
        this.dialect = dialect;
    }

    Dialect dialect() {
        return dialect;
    }

    /// `{"$ref": …}` to a named type, which becomes part of the document.
    ObjectNode reference(Schema schema) {
        want(schema);
        return link(schema.name());
    }

    /// As [#reference(Schema)], by name; for the types that every kind shares.
    ObjectNode reference(String name) {
        if (name.equals(PATCH)) {
            written.computeIfAbsent(
                    PATCH,
                    unused -> NODES.objectNode()
                            .put("description", "The changes to an object, in the format that the content type names.")
                            .put("type", "object"));
            return link(PATCH);
        }
        return reference(SchemaLibrary.builtIn().schema(name));
    }

    /// As [#reference(Schema)], for a kind; empty when there is no type of that kind.
    Optional<ObjectNode> reference(GroupVersionKind kind) {
        return Optional.ofNullable(Index.NAMES.get(kind)).map(this::reference);
    }

    /// All definitions, by name.
    ObjectNode tree() {
        while (!wanted.isEmpty()) {
            var schema = wanted.poll();
            written.put(schema.name(), definition(schema));
        }
        var tree = NODES.objectNode();
        written.forEach(tree::set);
        return tree;
    }

    private ObjectNode link(String name) {
        return NODES.objectNode().put("$ref", dialect.reference(name));
    }

    private void want(Schema schema) {
        if (written.putIfAbsent(schema.name(), NODES.objectNode()) == null) {
            // the type itself, not the field that led to it: their descriptions differ
            wanted.add(
                    schema instanceof StructuralSchema
                            ? schema
                            : SchemaLibrary.builtIn().schema(schema.name()));
        }
    }

    /// As [#reference(Schema)], for the lists of a custom resource.
    ObjectNode listReference(ResourceDefinition custom) {
        var name = custom.schema().name() + "List";
        if (!written.containsKey(name)) {
            written.put(name, NODES.objectNode());
            written.put(name, new CustomTypes(this).list(custom, reference(custom.schema())));
        }
        return link(name);
    }

    private ObjectNode definition(Schema schema) {
        if (schema instanceof StructuralSchema structural) {
            return new CustomTypes(this).definition(structural);
        }
        var node = NODES.objectNode();
        describe(node, schema);
        if (schema.type() == Schema.Type.OBJECT && schema.additionalProperties().isEmpty()) {
            node.put("type", "object");
            fields(node, schema);
        } else {
            type(node, schema);
        }
        if (!schema.kinds().isEmpty()) {
            var kinds = node.putArray("x-kubernetes-group-version-kind");
            schema.kinds().forEach(kind -> kinds.add(kind(kind)));
        }
        return node;
    }

    static ObjectNode kind(GroupVersionKind kind) {
        return NODES.objectNode()
                .put("group", kind.groupVersion().group())
                .put("kind", kind.kind())
                .put("version", kind.groupVersion().version());
    }

    private void fields(ObjectNode node, Schema schema) {
        if (!schema.required().isEmpty()) {
            var required = node.putArray("required");
            schema.required().stream().sorted().forEach(required::add);
        }
        if (schema.isAtomic()) {
            node.put("x-kubernetes-map-type", "atomic");
        }
        if (!schema.properties().isEmpty()) {
            var properties = node.putObject("properties");
            schema.properties().forEach((name, field) -> properties.set(name, field(field)));
        }
    }

    private ObjectNode field(Schema schema) {
        var node = NODES.objectNode();
        describe(node, schema);
        if (schema.name().isEmpty()) {
            type(node, schema);
        } else if (dialect == Dialect.V2) {
            node.setAll(reference(schema));
        } else {
            // In version 3 nothing may stand beside a reference.
            node.putArray("allOf").add(reference(schema));
        }
        schema.defaultValue()
                .ifPresent(text -> node.set("default", Documents.readAny(text.getBytes(StandardCharsets.UTF_8))));
        facts(node, schema);
        return node;
    }

    private static void facts(ObjectNode node, Schema schema) {
        if (!schema.enums().isEmpty()) {
            var values = node.putArray("enum");
            schema.enums().forEach(values::add);
        }
        if (schema.type() == Schema.Type.ARRAY && (schema.isAtomic() || schema.listType() != Schema.ListType.ATOMIC)) {
            node.put("x-kubernetes-list-type", schema.listType().name().toLowerCase(Locale.ROOT));
        }
        if (schema.additionalProperties().isPresent() && schema.isAtomic()) {
            node.put("x-kubernetes-map-type", "atomic");
        }
        if (!schema.listMapKeys().isEmpty()) {
            var keys = node.putArray("x-kubernetes-list-map-keys");
            schema.listMapKeys().forEach(keys::add);
        }
        schema.patchMergeKey().ifPresent(key -> node.put("x-kubernetes-patch-merge-key", key));
        if (!schema.patchStrategy().isEmpty()) {
            node.put("x-kubernetes-patch-strategy", String.join(",", schema.patchStrategy()));
        }
    }

    private static void describe(ObjectNode node, Schema schema) {
        String own = schema.description();
        // The models say nothing at a field whose type has a name: the type speaks for it.
        String description = own.isEmpty() && !schema.name().isEmpty()
                ? SchemaLibrary.builtIn().schema(schema.name()).description()
                : own;
        if (!description.isEmpty()) {
            node.put("description", description);
        }
    }

    /// What a node without a reference says of its type.
    private void type(ObjectNode node, Schema schema) {
        switch (schema.type()) {
            case STRING -> plain(node, "string", schema.format());
            case INTEGER -> plain(node, "integer", schema.format());
            case NUMBER -> plain(node, "number", schema.format());
            case BOOLEAN -> plain(node, "boolean", "");
            case INT_OR_STRING -> either(node, "int-or-string", "integer", "string");
            case QUANTITY -> either(node, "", "string", "number");
            case ANY -> {
                if (!UNTYPED.contains(schema.name())) {
                    node.put("type", "object");
                }
            }
            case ARRAY -> {
                node.put("type", "array");
                schema.items().ifPresent(item -> node.set("items", element(item)));
            }
            case OBJECT -> {
                node.put("type", "object");
                schema.additionalProperties().ifPresent(value -> node.set("additionalProperties", element(value)));
            }
        }
    }

    private ObjectNode element(Schema schema) {
        if (!schema.name().isEmpty()) {
            return reference(schema);
        }
        var node = NODES.objectNode();
        type(node, schema);
        return node;
    }

    private static void plain(ObjectNode node, String type, String format) {
        node.put("type", type);
        if (!format.isEmpty()) {
            node.put("format", format);
        }
    }

    /// Version 2 has no word for a choice of types and says string, as upstream does.
    private void either(ObjectNode node, String format, String one, String other) {
        if (dialect == Dialect.V2) {
            plain(node, "string", format);
            return;
        }
        if (!format.isEmpty()) {
            node.put("format", format);
        }
        var choice = node.putArray("oneOf");
        choice.addObject().put("type", one);
        choice.addObject().put("type", other);
    }
}
