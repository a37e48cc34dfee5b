package dev.kapal.model.structural;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.DocumentForm;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.Schema;
import dev.kapal.model.SchemaLibrary;
import dev.kapal.model.codec.Documents;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/// One node of a structural schema. The node of a whole resource, and of each resource that is embedded in it, has
/// `apiVersion`, `kind` and `metadata` whether it names them or not. Immutable, any thread.
public final class StructuralSchema implements Schema {
    private static final ObjectNode NOTHING = JsonNodeFactory.instance.objectNode();
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

    private final ObjectNode node;
    private final boolean resource;
    private final Optional<Resource> root;
    private final Map<String, Schema> properties;
    private final Optional<Schema> items;
    private final Optional<Schema> additional;
    private final Optional<JsonNode> defaultValue;

    /// What is said of the whole resource.
    ///
    /// @param name of the definition in OpenAPI documents
    /// @param selectableFields JSON paths of fields that selectors may name
    /// @param completesStored whether objects may be stored that were written under another schema
    /// @param isClosed whether there may be no new objects any more
    public record Resource(
            String name,
            GroupVersionKind kind,
            List<String> selectableFields,
            boolean completesStored,
            BooleanSupplier isClosed) {
        public Resource {
            selectableFields = List.copyOf(selectableFields);
        }
    }

    private StructuralSchema(ObjectNode node, boolean resource, Optional<Resource> root, Schema metadata) {
        this.node = node;
        this.resource = resource;
        this.root = root;
        this.properties = properties(node, resource, metadata);
        this.items = node.get("items") instanceof ObjectNode item ? Optional.of(of(item, metadata)) : Optional.empty();
        this.additional = switch (node.path("additionalProperties")) {
            case ObjectNode values -> Optional.of(of(values, metadata));
            case JsonNode flag when flag.asBoolean() -> Optional.of(of(NOTHING, metadata));
            default -> Optional.empty();
        };
        this.defaultValue = Optional.ofNullable(node.get("default"));
    }

    /// The schema of a custom resource.
    ///
    /// @param openApi `openAPIV3Schema` of the version, empty when there is none
    public static StructuralSchema root(ObjectNode openApi, Resource resource) {
        return new StructuralSchema(openApi, true, Optional.of(resource), Metadata.WHOLE);
    }

    /// Any node; an embedded resource is recognised by its extension.
    public static StructuralSchema of(ObjectNode node) {
        return of(node, Metadata.WHOLE);
    }

    private static StructuralSchema of(ObjectNode node, Schema metadata) {
        return new StructuralSchema(
                node, node.path("x-kubernetes-embedded-resource").asBoolean(), Optional.empty(), metadata);
    }

    /// The same as expressions see it: of metadata there are the names only.
    public StructuralSchema forRules() {
        return new StructuralSchema(node, resource, Optional.empty(), Metadata.NAMES);
    }

    /// This schema as that of an object that is not a resource of its own, for pruning.
    public void prune(JsonNode value) {
        StructuralForm.prune(value, this);
    }

    private static Map<String, Schema> properties(ObjectNode node, boolean resource, Schema metadata) {
        var all = new TreeMap<String, Schema>();
        node.path("properties").properties().forEach(p -> {
            if (p.getValue() instanceof ObjectNode property) {
                all.put(p.getKey(), of(property, metadata));
            }
        });
        if (resource) {
            all.putIfAbsent("apiVersion", Metadata.TEXT);
            all.putIfAbsent("kind", Metadata.TEXT);
            all.put("metadata", metadata);
        }
        return Collections.unmodifiableMap(all);
    }

    /// What every resource has.
    private static final class Metadata {
        static final Schema WHOLE = SchemaLibrary.builtIn().schema(META);
        static final StructuralSchema TEXT = of(text(), WHOLE);
        static final StructuralSchema NAMES = names();

        private static ObjectNode text() {
            return JsonNodeFactory.instance.objectNode().put("type", "string");
        }

        private static StructuralSchema names() {
            var node = JsonNodeFactory.instance.objectNode().put("type", "object");
            node.putObject("properties").<ObjectNode>set("name", text()).set("generateName", text());
            return of(node, WHOLE);
        }
    }

    /// The schema as it was written.
    public ObjectNode node() {
        return node;
    }

    /// Whether this is a resource with metadata of its own.
    public boolean isResource() {
        return resource;
    }

    public Optional<Resource> resource() {
        return root;
    }

    public boolean isNullable() {
        return node.path("nullable").asBoolean();
    }

    Optional<JsonNode> absent() {
        return defaultValue;
    }

    @Override
    public String name() {
        return root.map(Resource::name).orElse("");
    }

    @Override
    public Schema.Type type() {
        if (node.path("x-kubernetes-int-or-string").asBoolean()) {
            return Schema.Type.INT_OR_STRING;
        }
        return switch (node.path("type").asText("")) {
            case "array" -> items.isPresent() ? Schema.Type.ARRAY : Schema.Type.ANY;
            case "string" -> Schema.Type.STRING;
            case "integer" -> Schema.Type.INTEGER;
            case "number" -> Schema.Type.NUMBER;
            case "boolean" -> Schema.Type.BOOLEAN;
            case "object" -> Schema.Type.OBJECT;
            default -> preservesUnknownFields() && properties.isEmpty() ? Schema.Type.ANY : Schema.Type.OBJECT;
        };
    }

    @Override
    public String format() {
        return node.path("format").asText("");
    }

    @Override
    public Map<String, Schema> properties() {
        return properties;
    }

    @Override
    public Optional<Schema> items() {
        return items;
    }

    @Override
    public Optional<Schema> additionalProperties() {
        return additional;
    }

    @Override
    public Set<String> required() {
        var required = new TreeSet<String>();
        node.path("required").forEach(name -> required.add(name.asText()));
        return required;
    }

    @Override
    public String description() {
        return node.path("description").asText("");
    }

    @Override
    public List<String> enums() {
        return texts("enum");
    }

    @Override
    public Optional<String> defaultValue() {
        return defaultValue.map(Documents::text);
    }

    @Override
    public boolean keepsEmpty() {
        return true;
    }

    @Override
    public ListType listType() {
        return switch (node.path("x-kubernetes-list-type").asText("")) {
            case "set" -> ListType.SET;
            case "map" -> ListType.MAP;
            default -> ListType.ATOMIC;
        };
    }

    @Override
    public List<String> listMapKeys() {
        return texts("x-kubernetes-list-map-keys");
    }

    @Override
    public boolean isAtomic() {
        return node.path("x-kubernetes-map-type").asText("").equals("atomic")
                || node.path("x-kubernetes-list-type").asText("").equals("atomic");
    }

    @Override
    public Set<String> patchStrategy() {
        return Set.of();
    }

    @Override
    public Optional<String> patchMergeKey() {
        return Optional.empty();
    }

    @Override
    public List<GroupVersionKind> kinds() {
        return root.map(r -> List.of(r.kind())).orElse(List.of());
    }

    @Override
    public boolean preservesUnknownFields() {
        return node.path("x-kubernetes-preserve-unknown-fields").asBoolean();
    }

    @Override
    public OptionalLong maxSize() {
        var limit = node.path(
                switch (type()) {
                    case ARRAY -> "maxItems";
                    case OBJECT -> "maxProperties";
                    default -> "maxLength";
                });
        return limit.isNumber() ? OptionalLong.of(limit.asLong()) : OptionalLong.empty();
    }

    @Override
    public Optional<DocumentForm> form() {
        return root.map(r -> new StructuralForm(this, r.completesStored()));
    }

    private List<String> texts(String field) {
        var texts = new ArrayList<String>();
        node.path(field).forEach(text -> texts.add(text.isTextual() ? text.asText() : text.toString()));
        return texts;
    }

    @Override
    public String toString() {
        return name().isEmpty() ? node.path("type").asText("any") : name();
    }
}
