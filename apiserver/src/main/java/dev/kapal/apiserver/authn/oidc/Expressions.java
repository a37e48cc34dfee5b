package dev.kapal.apiserver.authn.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.User;
import dev.kapal.cel.CelEnvironment;
import dev.kapal.cel.CelProgram;
import dev.kapal.cel.CompileException;
import dev.kapal.cel.CostBudget;
import dev.kapal.cel.ValueType;
import dev.kapal.cel.ValueType.Plain;
import dev.kapal.cel.value.Values;
import dev.kapal.model.codec.Documents;
import java.util.Map;

/// Expressions over the claims of a token, and over the user that came of them. Any thread; compiled when the options
/// are read.
final class Expressions {
    private static final CelEnvironment CLAIMS = CelEnvironment.builder()
            .variable("claims", new ValueType.MapOf(Plain.DYN))
            .build();
    private static final CelEnvironment USER = CelEnvironment.builder()
            .variable(
                    "user",
                    new ValueType.Struct(
                            "kubernetes.UserInfo",
                            Map.of(
                                    "username",
                                    Plain.STRING,
                                    "uid",
                                    Plain.STRING,
                                    "groups",
                                    new ValueType.ListOf(Plain.STRING),
                                    "extra",
                                    new ValueType.MapOf(new ValueType.ListOf(Plain.STRING)))))
            .build();

    private Expressions() {}

    static CelProgram overClaims(String expression) {
        return compile(CLAIMS, expression);
    }

    static CelProgram overUser(String expression) {
        return compile(USER, expression);
    }

    private static CelProgram compile(CelEnvironment environment, String expression) {
        try {
            return environment.compile(expression);
        } catch (CompileException broken) {
            throw new IllegalArgumentException("Invalid value: \"" + expression + "\": " + broken.getMessage(), broken);
        }
    }

    /// The value as a document. Throws [EvaluationException].
    static JsonNode ofClaims(CelProgram program, ObjectNode claims) {
        return Values.node(program.evaluate(Map.of("claims", claims), CostBudget.standard()));
    }

    static JsonNode ofUser(CelProgram program, User user) {
        var document = Documents.object().put("username", user.name()).put("uid", user.uid());
        var groups = document.putArray("groups");
        user.groups().forEach(groups::add);
        var extra = document.putObject("extra");
        user.extra().forEach((key, values) -> values.forEach(extra.withArray(key)::add));
        return Values.node(program.evaluate(Map.of("user", document), CostBudget.standard()));
    }
}
