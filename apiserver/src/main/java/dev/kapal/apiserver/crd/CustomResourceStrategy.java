package dev.kapal.apiserver.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Reason;
import dev.kapal.apiserver.api.Status;
import dev.kapal.apiserver.strategy.Copies;
import dev.kapal.apiserver.strategy.Problems;
import dev.kapal.apiserver.strategy.Strategy;
import dev.kapal.model.GroupVersionKind;
import dev.kapal.model.Problem;
import dev.kapal.model.ResourceDefinition;
import dev.kapal.model.ScalePaths;
import dev.kapal.model.select.JsonPath;
import dev.kapal.model.structural.ListTypes;
import dev.kapal.model.structural.StructuralSchema;
import dev.kapal.model.structural.ValueRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The rules of one version of a custom resource: those that its schema states. Compiled when the first object is
/// written. Any thread.
public final class CustomResourceStrategy implements Strategy {
    private static final String SOME_UNCHECKED =
            "some validation rules were not checked because the object was invalid;"
                    + " correct the existing errors to complete validation";
    private static final Set<Problem.Type> BLOCKING = Set.of(
            Problem.Type.NOT_SUPPORTED,
            Problem.Type.REQUIRED,
            Problem.Type.TOO_LONG,
            Problem.Type.TOO_MANY,
            Problem.Type.TYPE_INVALID);

    private final ResourceDefinition definition;
    private final StructuralSchema schema;
    private final Optional<ScalePaths> scale;
    private final Map<String, JsonPath> selectable;
    private volatile Compiled compiled;

    private record Compiled(ValueRules values, Optional<RuleTree> rules) {}

    private CustomResourceStrategy(ResourceDefinition definition, StructuralSchema schema) {
        this.definition = definition;
        this.schema = schema;
        this.scale = definition.subresource("scale").flatMap(s -> s.scale());
        this.selectable = new LinkedHashMap<>();
        schema.resource()
                .orElseThrow()
                .selectableFields()
                .forEach(path -> selectable.put(path.startsWith(".") ? path.substring(1) : path, JsonPath.parse(path)));
    }

    /// Empty for Kubernetes' own kinds.
    public static Optional<Strategy> of(ResourceDefinition definition) {
        return definition.schema() instanceof StructuralSchema schema
                ? Optional.of(new CustomResourceStrategy(definition, schema))
                : Optional.empty();
    }

    /// Two threads may compile the same, which is harmless.
    private Compiled compiled() {
        var known = compiled;
        if (known == null) {
            var rules = RuleTree.exists(schema.node()) ? Optional.of(RuleTree.of(schema)) : Optional.<RuleTree>empty();
            known = new Compiled(ValueRules.of(schema.node()), rules);
            compiled = known;
        }
        return known;
    }

    @Override
    public boolean keepsStatusOnCreate() {
        return true; // there is none to begin with: see onCreate
    }

    @Override
    public boolean limitsFinalizers() {
        return false;
    }

    @Override
    public Set<String> keptByStatus() {
        return METADATA;
    }

    @Override
    public boolean updatesUnconditionally() {
        return false;
    }

    @Override
    public void onCreate(ObjectNode incoming) {
        if (schema.resource().orElseThrow().isClosed().getAsBoolean()) {
            throw new ApiException(Status.failure(
                    405,
                    Reason.METHOD_NOT_ALLOWED,
                    "create not allowed while custom resource definition is terminating"));
        }
        if (definition.hasStatus()) {
            incoming.remove("status");
        }
    }

    @Override
    public boolean asksForSame(ObjectNode one, ObjectNode other) {
        return asked(one).equals(asked(other));
    }

    private ObjectNode asked(ObjectNode object) {
        var asked = object.objectNode();
        asked.setAll(object);
        asked.remove("metadata");
        if (definition.hasStatus()) {
            asked.remove("status");
        }
        return asked;
    }

    @Override
    public List<String> warnings(ObjectNode candidate) {
        return FinalizerWarnings.of(candidate);
    }

    @Override
    public List<String> warnings(ObjectNode candidate, ObjectNode stored) {
        return FinalizerWarnings.of(candidate, stored);
    }

    @Override
    public Strategy below(String subresource) {
        return subresource.equals("status") ? new StatusPart() : this;
    }

    @Override
    public void check(ObjectNode candidate, Optional<ObjectNode> stored, Problems problems) {
        var found = new ArrayList<Problem>();
        var rules = compiled();
        if (stored.isPresent()) {
            found.addAll(rules.values().checkUpdate("", candidate, stored.get()).problems());
        } else {
            found.addAll(rules.values().check("", candidate));
        }
        scale.ifPresent(paths -> ScaleRules.check(paths, candidate, found));
        EmbeddedRules.check(schema, candidate, found);
        boolean wasSound =
                stored.isEmpty() || ListTypes.check("", schema, stored.get()).isEmpty();
        if (wasSound) {
            found.addAll(ListTypes.check("", schema, candidate));
        }
        rules.rules().ifPresent(tree -> {
            if (found.stream().anyMatch(problem -> BLOCKING.contains(problem.type()))) {
                found.add(Problem.invalid("<nil>", null, SOME_UNCHECKED));
            } else {
                found.addAll(tree.check("", candidate, stored.map(JsonNode.class::cast))
                        .problems());
            }
        });
        problems.found().addAll(found);
    }

    @Override
    public Set<String> selectable() {
        return selectable.keySet();
    }

    @Override
    public String notSelectable(GroupVersionKind kind, String field) {
        return "field label not supported: " + field;
    }

    @Override
    public Map<String, String> fields(ObjectNode object) {
        if (selectable.isEmpty()) {
            return Map.of();
        }
        var fields = new HashMap<String, String>();
        selectable.forEach((name, path) -> path.find(object).stream()
                .findFirst()
                .filter(JsonNode::isValueNode)
                .ifPresent(value -> fields.put(name, value.asText(""))));
        return fields;
    }

    /// Writes of `/status`: nothing changes but the status.
    private final class StatusPart implements Strategy {
        @Override
        public boolean writesStatus() {
            return true;
        }

        @Override
        public boolean limitsFinalizers() {
            return false;
        }

        @Override
        public void onUpdate(ObjectNode incoming, ObjectNode stored) {
            var version = incoming.path("metadata").get("resourceVersion");
            var managed = incoming.path("metadata").get("managedFields");
            var fields = new ArrayList<String>();
            incoming.fieldNames().forEachRemaining(fields::add);
            stored.fieldNames().forEachRemaining(fields::add);
            fields.stream()
                    .filter(field -> !field.equals("status"))
                    .forEach(field -> Copies.field(field, stored, incoming));
            var metadata = (ObjectNode) stored.get("metadata").deepCopy();
            if (version != null) {
                metadata.set("resourceVersion", version);
            }
            if (managed != null) {
                metadata.set("managedFields", managed);
            }
            incoming.set("metadata", metadata);
        }

        @Override
        public void check(ObjectNode candidate, Optional<ObjectNode> stored, Problems problems) {
            CustomResourceStrategy.this.check(candidate, stored, problems);
        }

        @Override
        public boolean asksForSame(ObjectNode one, ObjectNode other) {
            return true;
        }
    }
}
