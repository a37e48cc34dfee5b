package dev.kapal.apiserver.admission.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.admission.match.View;
import dev.kapal.cel.CelEnvironment;
import dev.kapal.cel.CelMetrics;
import dev.kapal.cel.CelProgram;
import dev.kapal.cel.CostBudget;
import dev.kapal.cel.EvaluationException;
import dev.kapal.cel.ValueType.OpenStruct;
import dev.kapal.cel.ValueType.Plain;
import dev.kapal.cel.ValueType.Struct;
import dev.kapal.cel.value.Values;
import dev.kapal.model.Schema;
import dev.kapal.model.apply.FieldManagement;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.FieldCheck;
import dev.kapal.model.defaults.Defaults;
import dev.kapal.model.patch.PatchException;
import dev.kapal.model.patch.Patches;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The compiled expressions of a MutatingAdmissionPolicy. Any thread.
final class Mutations {
    private static final String OBJECT = "Object";
    private static final String JSON_PATCH = "JSONPatch";
    private static final Struct OPERATION = new Struct(
            JSON_PATCH, Map.of("op", Plain.STRING, "path", Plain.STRING, "from", Plain.STRING, "value", Plain.DYN));

    private final Composition composition;
    private final List<Mutation> mutations = new ArrayList<>();

    private record Mutation(boolean applies, CelProgram program) {}

    /// A mutation that could not be made.
    static final class Impossible extends Exception {
        Impossible(String why) {
            super(why, null, false, false);
        }
    }

    private Mutations(Composition composition) {
        this.composition = composition;
    }

    /// Throws [CompileException].
    static Mutations of(JsonNode spec, CelMetrics metrics) {
        var all = new Mutations(Composition.of(spec, metrics, Mutations::declare));
        var environment = all.composition.environment();
        for (var mutation : spec.path("mutations")) {
            boolean applies = mutation.path("patchType").asText().equals("ApplyConfiguration");
            var expression = mutation.path(applies ? "applyConfiguration" : "jsonPatch")
                    .path("expression")
                    .asText();
            all.mutations.add(new Mutation(
                    applies,
                    Validations.typed(environment.compile(expression), applies ? OBJECT : "list(" + JSON_PATCH + ")")));
        }
        return all;
    }

    static CelEnvironment.Builder declare(CelEnvironment.Builder builder) {
        return builder.struct(new OpenStruct(OBJECT)).struct(OPERATION).jsonPatch();
    }

    int size() {
        return mutations.size();
    }

    /// The object after one mutation; empty when nothing is to be done. The variables show the object as those before
    /// it left it.
    Optional<ObjectNode> apply(int index, View view, Map<String, Object> given) throws Impossible {
        var mutation = mutations.get(index);
        var budget = CostBudget.standard();
        var before = view.object().orElseThrow();
        var expression = mutation.program().expression();
        JsonNode value;
        try {
            value = Values.node(mutation.program().evaluate(composition.values(given, budget), budget));
        } catch (EvaluationException failed) {
            throw new Impossible("expression '" + expression + "' resulted in error: " + failed.getMessage());
        }
        return mutation.applies() ? Optional.of(applied(view, before, value)) : patched(view, before, value);
    }

    private static ObjectNode applied(View view, ObjectNode before, JsonNode value) throws Impossible {
        if (!(value instanceof ObjectNode config)) {
            throw new Impossible("unexpected evaluation result type");
        }
        var schema = view.as().schema();
        config.put("kind", view.kind().kind()).put("apiVersion", view.kind().apiVersion());
        var problems = FieldManagement.problems(schema, config);
        if (!problems.isEmpty()) {
            throw new Impossible("error applying patch: failed to create typed patch object: " + problems);
        }
        var atomic = new ArrayList<String>();
        findAtomic(schema, config, "", atomic);
        if (!atomic.isEmpty()) {
            throw new Impossible(
                    "error applying patch: invalid ApplyConfiguration: may not mutate atomic arrays, maps or"
                            + " structs: " + String.join(", ", atomic));
        }
        return completed(view, FieldManagement.merged(schema, before.deepCopy(), config));
    }

    /// What is replaced as a whole would lose what the expression does not know of.
    private static void findAtomic(Schema schema, JsonNode value, String path, List<String> found) {
        if (value.isObject()) {
            if (!path.isEmpty() && schema.isAtomic()) {
                found.add(path);
                return;
            }
            for (var field : value.properties()) {
                schema.additionalProperties()
                        .or(() -> schema.property(field.getKey()))
                        .ifPresent(child -> findAtomic(child, field.getValue(), path + "." + field.getKey(), found));
            }
        } else if (value.isArray()) {
            if (schema.listType() == Schema.ListType.ATOMIC) {
                found.add(path);
                return;
            }
            value.forEach(item -> schema.items().ifPresent(items -> findAtomic(items, item, path, found)));
        }
    }

    private static Optional<ObjectNode> patched(View view, ObjectNode before, JsonNode operations) throws Impossible {
        try {
            return Optional.of(completed(view, Patches.json(before.deepCopy(), Documents.json(operations))));
        } catch (PatchException unfit) {
            if (unfit.detail().startsWith("Testing value ")) {
                return Optional.empty(); // a test that fails means: leave it
            }
            throw new Impossible("JSON Patch: " + unfit.detail());
        }
    }

    /// As a body is completed that comes from a client. Other forms than the resource's own have no defaults.
    private static ObjectNode completed(View view, ObjectNode object) throws Impossible {
        if (view.kind().equals(view.as().groupVersionKind())) {
            var schema = view.as().schema();
            try {
                FieldCheck.types(schema, object);
            } catch (DecodeException unfit) {
                throw new Impossible(String.valueOf(unfit.getMessage()));
            }
            FieldCheck.prune(schema, object);
            Defaults.apply(schema, object);
        }
        return object;
    }
}
