package dev.kapal.apiserver.admission.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.kapal.cel.CelEnvironment;
import dev.kapal.cel.CompileException;
import dev.kapal.cel.ValueType;
import dev.kapal.cel.ValueType.Typed;
import dev.kapal.model.GroupVersion;
import dev.kapal.model.GroupVersionResource;
import dev.kapal.model.ResourceDefinition;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.model.codec.Documents;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/// Tries a policy's expressions on the types that it names: a field that no such object has is worth a warning, though
/// the policy works. Any thread.
///
/// Source: Kubernetes documentation, Validating Admission Policy, type checking.
public final class TypeCheck {
    private static final int MOST_TYPES = 10;
    private static final String PREFIX = "compilation failed: ";

    private final ResourceRegistry registry;

    public TypeCheck(ResourceRegistry registry) {
        this.registry = registry;
    }

    /// The `expressionWarnings` for the `spec` of a ValidatingAdmissionPolicy.
    public ArrayNode warnings(JsonNode spec) {
        var warnings = Documents.object().putArray("warnings");
        var types = types(spec.path("matchConstraints").path("resourceRules"));
        if (types.isEmpty()) {
            return warnings;
        }
        int index = 0;
        for (var validation : spec.path("validations")) {
            var path = "spec.validations[" + index++ + "]";
            warn(path + ".expression", validation.path("expression"), spec, types, warnings);
            warn(path + ".messageExpression", validation.path("messageExpression"), spec, types, warnings);
        }
        return warnings;
    }

    private void warn(
            String path, JsonNode expression, JsonNode spec, List<ResourceDefinition> types, ArrayNode warnings) {
        var text = expression.asText("");
        if (text.isEmpty()) {
            return;
        }
        var found = new ArrayList<String>();
        for (var type : types) {
            objection(text, spec, type)
                    .ifPresent(why -> found.add(type.groupVersion().group() + "/"
                            + type.groupVersion().version() + ", Kind=" + type.kind() + ": " + why));
        }
        if (!found.isEmpty()) {
            warnings.addObject().put("fieldRef", path).put("warning", String.join("\n", found));
        }
    }

    private Optional<String> objection(String expression, JsonNode spec, ResourceDefinition type) {
        UnaryOperator<CelEnvironment.Builder> typed = builder -> typed(builder, spec, type);
        Map<String, ValueType> variables = new LinkedHashMap<>();
        for (var variable : spec.path("variables")) {
            try {
                var program = Composition.environment(spec, variables, typed)
                        .compile(variable.path("expression").asText());
                variables.put(variable.path("name").asText(), program.type());
            } catch (CompileException unknown) {
                variables.put(variable.path("name").asText(), ValueType.Plain.DYN);
            }
        }
        try {
            Composition.environment(spec, variables, typed).compile(expression);
            return Optional.empty();
        } catch (CompileException broken) {
            var message = broken.getMessage();
            return Optional.of(message.startsWith(PREFIX) ? message.substring(PREFIX.length()) : message);
        }
    }

    private CelEnvironment.Builder typed(CelEnvironment.Builder builder, JsonNode spec, ResourceDefinition type) {
        var object = new Typed(type.kind(), type.schema());
        builder.variable("object", object).variable("oldObject", object);
        var kind = spec.path("paramKind");
        if (kind.isObject()) {
            registry.find(GroupVersion.parse(kind.path("apiVersion").asText())
                            .kind(kind.path("kind").asText()))
                    .ifPresent(params -> builder.variable("params", new Typed(params.kind(), params.schema())));
        }
        return builder;
    }

    /// The kinds that rules name without wildcards, in order.
    private List<ResourceDefinition> types(JsonNode rules) {
        var found = new ArrayList<ResourceDefinition>();
        for (var rule : rules) {
            for (var group : exact(rule.path("apiGroups"))) {
                for (var version : exact(rule.path("apiVersions"))) {
                    for (var resource : plain(rule.path("resources"))) {
                        registry.find(new GroupVersionResource(group, version, resource))
                                .filter(definition -> !found.contains(definition))
                                .ifPresent(found::add);
                    }
                }
            }
        }
        found.sort(
                Comparator.comparing((ResourceDefinition d) -> d.groupVersion().group())
                        .thenComparing(d -> d.groupVersion().version())
                        .thenComparing(ResourceDefinition::kind));
        return found.subList(0, Math.min(found.size(), MOST_TYPES));
    }

    private static TreeSet<String> exact(JsonNode names) {
        var exact = new TreeSet<String>();
        names.forEach(name -> exact.add(name.asText()));
        if (exact.stream().anyMatch(name -> name.contains("*"))) {
            exact.clear();
        }
        return exact;
    }

    private static TreeSet<String> plain(JsonNode resources) {
        var plain = new TreeSet<String>();
        for (var resource : resources) {
            if (!resource.asText().contains("*") && !resource.asText().contains("/")) {
                plain.add(resource.asText());
            }
        }
        return plain;
    }
}
