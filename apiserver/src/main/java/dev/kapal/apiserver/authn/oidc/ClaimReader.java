package dev.kapal.apiserver.authn.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.User;
import dev.kapal.apiserver.authn.oidc.JwtIssuer.FromClaim;
import dev.kapal.apiserver.authn.oidc.JwtIssuer.FromExpression;
import dev.kapal.apiserver.authn.oidc.JwtIssuer.Mapping;
import dev.kapal.apiserver.authn.oidc.JwtIssuer.RequiredClaim;
import dev.kapal.apiserver.authn.oidc.JwtIssuer.Rule;
import dev.kapal.cel.CelProgram;
import dev.kapal.cel.EvaluationException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes a user out of claims, by the rules of one issuer. Any thread.
final class ClaimReader {
    private final JwtIssuer issuer;
    private final Map<String, CelProgram> programs = new HashMap<>();
    private final Map<String, CelProgram> userPrograms = new HashMap<>();

    /// Why claims make no user; its message is for the log and for token reviews.
    static final class Unfit extends Exception {
        private static final long serialVersionUID = 1;

        Unfit(String why) {
            super(why, null, false, false);
        }
    }

    /// @throws IllegalArgumentException when an expression makes no sense; its message is for the user
    ClaimReader(JwtIssuer issuer) {
        this.issuer = issuer;
        for (var rule : issuer.claimRules()) {
            if (rule instanceof Rule expression) {
                compile(expression.expression());
            }
        }
        var mappings = issuer.mappings();
        compile(Optional.of(mappings.username()));
        compile(mappings.groups());
        compile(mappings.uid());
        mappings.extra().forEach(extra -> compile(extra.expression()));
        issuer.userRules()
                .forEach(rule -> userPrograms.put(rule.expression(), Expressions.overUser(rule.expression())));
    }

    private void compile(Optional<Mapping> mapping) {
        if (mapping.isPresent() && mapping.get() instanceof FromExpression(String expression)) {
            compile(expression);
        }
    }

    private void compile(String expression) {
        programs.put(expression, Expressions.overClaims(expression));
    }

    User user(ObjectNode claims) throws Unfit {
        var mappings = issuer.mappings();
        String name = name(mappings.username(), claims);
        var groups = mappings.groups().isEmpty()
                ? List.<String>of()
                : groups(mappings.groups().get(), claims);
        String uid = mappings.uid().isEmpty() ? "" : text("uid", mappings.uid().get(), claims);
        for (var rule : issuer.claimRules()) {
            check(rule, claims);
        }
        var user = new User(name, uid, groups, extra(claims));
        for (var rule : issuer.userRules()) {
            require(rule, () -> Expressions.ofUser(userPrograms.get(rule.expression()), user), "user");
        }
        return user;
    }

    private String name(Mapping mapping, ObjectNode claims) throws Unfit {
        if (mapping instanceof FromClaim(String claim, String prefix)
                && claim.equals("email")
                && claims.has("email_verified")) {
            var verified = claims.get("email_verified");
            if (!verified.isBoolean()) {
                throw new Unfit("oidc: parse 'email_verified' claim: not a boolean");
            }
            if (!verified.booleanValue()) {
                throw new Unfit("oidc: email not verified");
            }
        }
        String name = text("username", mapping, claims);
        if (name.isEmpty()) {
            throw new Unfit("oidc: empty username");
        }
        return name;
    }

    private String text(String what, Mapping mapping, ObjectNode claims) throws Unfit {
        return switch (mapping) {
            case FromClaim(String claim, String prefix) -> {
                var value = claims.path(claim);
                if (value.isMissingNode()) {
                    throw new Unfit("oidc: parse " + what + " claims \"" + claim + "\": claim not present");
                }
                if (!value.isTextual()) {
                    throw new Unfit("oidc: parse " + what + " claims \"" + claim + "\": not a string");
                }
                yield value.asText().isEmpty() ? "" : prefix + value.asText();
            }
            case FromExpression(String expression) -> {
                var value = evaluate(expression, claims, what);
                if (!value.isTextual()) {
                    throw new Unfit("oidc: error evaluating " + what + " claim expression: must evaluate to a string");
                }
                yield value.asText();
            }
        };
    }

    private List<String> groups(Mapping mapping, ObjectNode claims) throws Unfit {
        return switch (mapping) {
            case FromClaim(String claim, String prefix) -> {
                var groups = new ArrayList<String>();
                for (var group : texts("groups", claims.path(claim))) {
                    groups.add(prefix + group);
                }
                yield groups;
            }
            case FromExpression(String expression) -> texts("groups", evaluate(expression, claims, "groups"));
        };
    }

    /// A string or a list of strings; nothing where there is nothing.
    private static List<String> texts(String what, JsonNode value) throws Unfit {
        var texts = new ArrayList<String>();
        if (value.isMissingNode() || value.isNull()) {
            return texts;
        }
        for (var item : value.isArray() ? value : List.of(value)) {
            if (!item.isTextual()) {
                throw new Unfit("oidc: parse " + what + " claim: must be a string or a list of strings");
            }
            if (!item.asText().isEmpty()) {
                texts.add(item.asText());
            }
        }
        return texts;
    }

    private Map<String, List<String>> extra(ObjectNode claims) throws Unfit {
        var extra = new LinkedHashMap<String, List<String>>();
        String id = claims.path("jti").asText("");
        if (!id.isEmpty()) {
            extra.put("authentication.kubernetes.io/credential-id", List.of("JTI=" + id));
        }
        for (var mapping : issuer.mappings().extra()) {
            var values = texts("extra", evaluate(mapping.expression(), claims, "extra"));
            if (!values.isEmpty()) {
                extra.put(mapping.key(), List.copyOf(values));
            }
        }
        return extra;
    }

    private void check(JwtIssuer.ClaimRule rule, ObjectNode claims) throws Unfit {
        switch (rule) {
            case RequiredClaim(String claim, String value) -> {
                if (!claims.has(claim)) {
                    throw new Unfit("oidc: required claim " + claim + " not present in ID token");
                }
                String got = claims.path(claim).asText();
                if (!claims.path(claim).isTextual() || !got.equals(value)) {
                    throw new Unfit("oidc: required claim " + claim + " value does not match. Got = " + got
                            + ", want = " + value);
                }
            }
            case Rule expression ->
                require(expression, () -> Expressions.ofClaims(programs.get(expression.expression()), claims), "claim");
        }
    }

    private interface Evaluation {
        JsonNode run();
    }

    private static void require(Rule rule, Evaluation evaluation, String what) throws Unfit {
        JsonNode value;
        try {
            value = evaluation.run();
        } catch (EvaluationException failed) {
            throw new Unfit("oidc: error evaluating " + what + " validation expression: " + failed.getMessage());
        }
        if (!value.isBoolean() || !value.booleanValue()) {
            String message = rule.message().isEmpty() ? "" : ": " + rule.message();
            throw new Unfit("oidc: validation expression '" + rule.expression() + "' failed" + message);
        }
    }

    private JsonNode evaluate(String expression, ObjectNode claims, String what) throws Unfit {
        try {
            return Expressions.ofClaims(programs.get(expression), claims);
        } catch (EvaluationException failed) {
            throw new Unfit("oidc: error evaluating " + what + " claim expression: " + failed.getMessage());
        }
    }
}
