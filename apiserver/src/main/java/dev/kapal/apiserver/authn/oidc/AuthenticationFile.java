package dev.kapal.apiserver.authn.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.authn.Anonymous;
import dev.kapal.apiserver.reload.KnownFields;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.MediaType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads an AuthenticationConfiguration: the providers that are believed, and what is open to strangers. Source: API
/// reference, apiserver.config.k8s.io/v1.
///
/// @param anonymous empty when the file says nothing
public record AuthenticationFile(List<JwtIssuer> issuers, Optional<Anonymous> anonymous) {
    private static final Set<String> VERSIONS =
            Set.of("apiserver.config.k8s.io/v1", "apiserver.config.k8s.io/v1beta1", "apiserver.config.k8s.io/v1alpha1");
    private static final KnownFields FIELDS = new KnownFields(Map.of(
            "", Set.of("apiVersion", "kind", "jwt", "anonymous"),
            "anonymous", Set.of("enabled", "conditions"),
            "anonymous.conditions[]", Set.of("path"),
            "jwt[]", Set.of("issuer", "claimValidationRules", "claimMappings", "userValidationRules"),
            "jwt[].issuer", Set.of("url", "discoveryURL", "certificateAuthority", "audiences", "audienceMatchPolicy"),
            "jwt[].claimValidationRules[]", Set.of("claim", "requiredValue", "expression", "message"),
            "jwt[].claimMappings", Set.of("username", "groups", "uid", "extra"),
            "jwt[].claimMappings.username", Set.of("claim", "prefix", "expression"),
            "jwt[].claimMappings.groups", Set.of("claim", "prefix", "expression"),
            "jwt[].userValidationRules[]", Set.of("expression", "message")));
    private static final Pattern EMAIL = use("email");
    private static final Pattern VERIFIED = use("email_verified");

    public AuthenticationFile {
        issuers = List.copyOf(issuers);
    }

    /// @throws IllegalArgumentException when the file makes no sense; its message is for the user
    public static AuthenticationFile read(Path file) throws IOException {
        try {
            return of(new DocumentDecoder()
                    .decode(Files.readAllBytes(file), MediaType.YAML)
                    .document());
        } catch (DecodeException | IllegalArgumentException broken) {
            throw new IllegalArgumentException(file + ": " + broken.getMessage(), broken);
        }
    }

    static AuthenticationFile of(ObjectNode file) {
        if (!VERSIONS.contains(text(file, "apiVersion")) || !text(file, "kind").equals("AuthenticationConfiguration")) {
            throw new IllegalArgumentException("not an AuthenticationConfiguration of apiserver.config.k8s.io");
        }
        FIELDS.check(file);
        var issuers = new ArrayList<JwtIssuer>();
        var urls = new HashSet<String>();
        for (int i = 0; i < file.path("jwt").size(); i++) {
            try {
                var issuer = issuer(file.path("jwt").get(i));
                if (!urls.add(issuer.url())) {
                    throw new IllegalArgumentException("issuer.url: Duplicate value: \"" + issuer.url() + "\"");
                }
                issuers.add(issuer);
            } catch (IllegalArgumentException broken) {
                throw new IllegalArgumentException("jwt[" + i + "]." + broken.getMessage(), broken);
            }
        }
        return new AuthenticationFile(issuers, anonymous(file.path("anonymous")));
    }

    private static Optional<Anonymous> anonymous(JsonNode anonymous) {
        if (!anonymous.isObject()) {
            return Optional.empty();
        }
        var paths = new HashSet<String>();
        anonymous.path("conditions").forEach(condition -> paths.add(text(condition, "path")));
        boolean enabled = anonymous.path("enabled").asBoolean();
        if (!enabled && !paths.isEmpty()) {
            throw new IllegalArgumentException(
                    "anonymous.conditions: Invalid value: enabled should be set to true when conditions are defined");
        }
        return Optional.of(new Anonymous(enabled, paths));
    }

    private static JwtIssuer issuer(JsonNode jwt) {
        var issuer = jwt.path("issuer");
        var audiences = new ArrayList<String>();
        issuer.path("audiences").forEach(audience -> audiences.add(audience.asText()));
        if (audiences.size() > 1 && !text(issuer, "audienceMatchPolicy").equals("MatchAny")) {
            throw new IllegalArgumentException("issuer.audienceMatchPolicy: Invalid value: \""
                    + text(issuer, "audienceMatchPolicy")
                    + "\": audienceMatchPolicy must be MatchAny for multiple audiences");
        }
        var claimRules = new ArrayList<JwtIssuer.ClaimRule>();
        jwt.path("claimValidationRules").forEach(rule -> claimRules.add(claimRule(rule)));
        var userRules = new ArrayList<JwtIssuer.Rule>();
        jwt.path("userValidationRules")
                .forEach(rule -> userRules.add(new JwtIssuer.Rule(text(rule, "expression"), text(rule, "message"))));
        requireVerifiedEmail(jwt);
        return new JwtIssuer(
                text(issuer, "url"),
                optional(issuer, "discoveryURL"),
                optional(issuer, "certificateAuthority"),
                audiences,
                JwtIssuer.ALL_ALGORITHMS,
                claimRules,
                mappings(jwt.path("claimMappings")),
                userRules);
    }

    /// An address counts as a name only if somebody looks whether it is the user's.
    private static void requireVerifiedEmail(JsonNode jwt) {
        String username = text(jwt.path("claimMappings").path("username"), "expression");
        if (!EMAIL.matcher(username).find()) {
            return;
        }
        var looking = new ArrayList<>(List.of(username));
        jwt.path("claimMappings").path("extra").forEach(extra -> looking.add(text(extra, "valueExpression")));
        jwt.path("claimValidationRules").forEach(rule -> looking.add(text(rule, "expression")));
        if (looking.stream()
                .noneMatch(expression -> VERIFIED.matcher(expression).find())) {
            throw new IllegalArgumentException("claimMappings.username.expression: Invalid value: \"" + username
                    + "\": claims.email_verified must be used in claimMappings.username.expression or"
                    + " claimMappings.extra[*].valueExpression or claimValidationRules[*].expression when claims.email"
                    + " is used in claimMappings.username.expression");
        }
    }

    private static Pattern use(String claim) {
        return Pattern.compile(
                "claims\\s*(\\.\\s*\\??\\s*" + claim + "\\b|\\[\\s*\\??\\s*['\"]" + claim + "['\"]\\s*])");
    }

    private static JwtIssuer.ClaimRule claimRule(JsonNode rule) {
        String claim = text(rule, "claim");
        String expression = text(rule, "expression");
        if (claim.isEmpty() == expression.isEmpty()) {
            throw new IllegalArgumentException(
                    "claimValidationRules: Invalid value: exactly one of claim or expression is required");
        }
        return claim.isEmpty()
                ? new JwtIssuer.Rule(expression, text(rule, "message"))
                : new JwtIssuer.RequiredClaim(claim, text(rule, "requiredValue"));
    }

    private static JwtIssuer.Mappings mappings(JsonNode mappings) {
        var username = mapping("claimMappings.username", mappings.path("username"), true)
                .orElseThrow(() -> new IllegalArgumentException(
                        "claimMappings.username: Required value: claim or expression is required"));
        var extra = new ArrayList<JwtIssuer.Extra>();
        for (var one : mappings.path("extra")) {
            String key = text(one, "key");
            if (!key.contains("/") || !key.equals(key.toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("claimMappings.extra: Invalid value: \"" + key
                        + "\": key must be a domain-prefixed path in lower case");
            }
            extra.add(new JwtIssuer.Extra(key, text(one, "valueExpression")));
        }
        return new JwtIssuer.Mappings(
                username,
                mapping("claimMappings.groups", mappings.path("groups"), true),
                mapping("claimMappings.uid", mappings.path("uid"), false),
                extra);
    }

    private static Optional<JwtIssuer.Mapping> mapping(String path, JsonNode mapping, boolean prefixed) {
        String claim = text(mapping, "claim");
        String expression = text(mapping, "expression");
        if (!claim.isEmpty() && !expression.isEmpty()) {
            throw new IllegalArgumentException(path + ": Invalid value: \"\": claim and expression can't both be set");
        }
        if (!expression.isEmpty()) {
            return Optional.of(new JwtIssuer.FromExpression(expression));
        }
        if (claim.isEmpty()) {
            return Optional.empty();
        }
        if (prefixed && !mapping.has("prefix")) {
            throw new IllegalArgumentException(
                    path + ".prefix: Required value: prefix is required when claim is set. It can be set to an empty"
                            + " string to disable prefixing");
        }
        return Optional.of(new JwtIssuer.FromClaim(claim, text(mapping, "prefix")));
    }

    private static Optional<String> optional(JsonNode node, String field) {
        return Optional.of(text(node, field)).filter(value -> !value.isEmpty());
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asText("");
    }
}
