package dev.kapal.apiserver.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.cel.CelEnvironment;
import dev.kapal.cel.CelProgram;
import dev.kapal.cel.CompileException;
import dev.kapal.cel.ValueType;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.structural.StructuralSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One rule of `x-kubernetes-validations`, compiled for the node that it stands at.
///
/// @param error why the rule cannot be evaluated, empty when it can
/// @param messageError as `error`, of the message expression
/// @param field below the node, whose problem it is when the rule is not fulfilled; empty for the node itself
record CompiledRule(
        JsonNode rule,
        Optional<CelProgram> program,
        String error,
        Optional<CelProgram> message,
        String messageError,
        boolean usesOldSelf,
        String field) {

    static final String SELF = "self";
    static final String OLD_SELF = "oldSelf";

    /// The rules of one node; what of it cannot be seen by expressions has none.
    static List<CompiledRule> of(StructuralSchema schema) {
        var compiled = new ArrayList<CompiledRule>();
        for (var rule : schema.node().path("x-kubernetes-validations")) {
            compiled.add(one(schema, rule));
        }
        return compiled;
    }

    private static CompiledRule one(StructuralSchema schema, JsonNode rule) {
        var self = new ValueType.Typed("selfType", schema.forRules());
        var environment = CelEnvironment.builder()
                .variable(SELF, self)
                .variable(OLD_SELF, isOptional(rule) ? new ValueType.OptionalOf(self) : self)
                .build();
        var program = Optional.<CelProgram>empty();
        var error = "";
        var text = rule.path("rule").asText("").strip();
        if (!text.isEmpty()) {
            try {
                program = Optional.of(environment.compile(rule.path("rule").asText()));
                error = program.get().resultType().equals("bool") ? "" : "cel expression must evaluate to a bool";
            } catch (CompileException e) {
                error = e.getMessage();
            }
        }
        var message = Optional.<CelProgram>empty();
        var messageError = "";
        var expression = rule.path("messageExpression").asText("");
        if (!expression.isBlank()) {
            try {
                message = Optional.of(environment.compile(expression));
                messageError = message.get().resultType().equals("string")
                        ? ""
                        : "messageExpression must evaluate to a string";
            } catch (CompileException e) {
                messageError = "messageExpression " + e.getMessage();
            }
        }
        boolean usesOldSelf = program.map(p -> p.uses(OLD_SELF)).orElse(false);
        return new CompiledRule(rule, program, error, message, messageError, usesOldSelf, field(schema.node(), rule));
    }

    private static String field(ObjectNode schema, JsonNode rule) {
        var path = rule.path("fieldPath").asText("");
        try {
            return path.isBlank() ? "" : SchemaPath.find(path, schema, true).path();
        } catch (IllegalArgumentException unknown) {
            return "";
        }
    }

    static boolean isOptional(JsonNode rule) {
        return rule.path("optionalOldSelf").asBoolean();
    }

    boolean isOptional() {
        return isOptional(rule);
    }

    /// How upstream shows a rule as a value.
    JsonNode shown() {
        var shown = Documents.object();
        shown.put("Rule", rule.path("rule").asText(""));
        shown.put("Message", rule.path("message").asText(""));
        shown.put("MessageExpression", rule.path("messageExpression").asText(""));
        shown.set("Reason", rule.path("reason").isMissingNode() ? null : rule.get("reason"));
        shown.put("FieldPath", rule.path("fieldPath").asText(""));
        shown.set("OptionalOldSelf", rule.path("optionalOldSelf").isMissingNode() ? null : rule.get("optionalOldSelf"));
        return shown;
    }

    /// What messages call the rule: its message, or itself.
    String title() {
        var message = rule.path("message").asText("");
        return (message.isEmpty() ? rule.path("rule").asText("") : message).strip();
    }
}
