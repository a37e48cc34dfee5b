package dev.kapal.apiserver.authz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.authz.AuthorizationOptions.Configured;
import dev.kapal.apiserver.authz.AuthorizationOptions.Hook;
import dev.kapal.apiserver.authz.AuthorizationOptions.Mode;
import dev.kapal.apiserver.authz.AuthorizationOptions.Plain;
import dev.kapal.apiserver.reload.KnownFields;
import dev.kapal.cel.value.GoDuration;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.MediaType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads an AuthorizationConfiguration: authorizers in order, webhooks with conditions of their own. Source: API
/// reference, apiserver.config.k8s.io/v1.
public final class AuthorizationFile {
    private static final Set<String> VERSIONS =
            Set.of("apiserver.config.k8s.io/v1", "apiserver.config.k8s.io/v1beta1", "apiserver.config.k8s.io/v1alpha1");
    private static final KnownFields FIELDS = new KnownFields(Map.of(
            "", Set.of("apiVersion", "kind", "authorizers"),
            "authorizers[]", Set.of("type", "name", "webhook"),
            "authorizers[].webhook",
                    Set.of(
                            "authorizedTTL",
                            "cacheAuthorizedRequests",
                            "unauthorizedTTL",
                            "cacheUnauthorizedRequests",
                            "timeout",
                            "subjectAccessReviewVersion",
                            "matchConditionSubjectAccessReviewVersion",
                            "failurePolicy",
                            "connectionInfo",
                            "matchConditions"),
            "authorizers[].webhook.connectionInfo", Set.of("type", "kubeConfigFile"),
            "authorizers[].webhook.matchConditions[]", Set.of("expression")));
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private AuthorizationFile() {}

    /// @throws IllegalArgumentException when the file makes no sense; its message is for the user
    public static AuthorizationOptions read(Path file) throws IOException {
        try {
            var document = new DocumentDecoder()
                    .decode(Files.readAllBytes(file), MediaType.YAML)
                    .document();
            return AuthorizationOptions.configured(authorizers(document, file), file);
        } catch (DecodeException | IllegalArgumentException broken) {
            throw new IllegalArgumentException(file + ": " + broken.getMessage(), broken);
        }
    }

    private static List<Configured> authorizers(ObjectNode document, Path file) {
        if (!VERSIONS.contains(text(document, "apiVersion"))
                || !text(document, "kind").equals("AuthorizationConfiguration")) {
            throw new IllegalArgumentException("not an AuthorizationConfiguration of apiserver.config.k8s.io");
        }
        FIELDS.check(document);
        var authorizers = new ArrayList<Configured>();
        var names = new HashSet<String>();
        var list = document.path("authorizers");
        if (list.isEmpty()) {
            throw new IllegalArgumentException(
                    "authorizers: Required value: at least one authorization mode must be defined");
        }
        for (int i = 0; i < list.size(); i++) {
            String path = "authorizers[" + i + "]";
            String name = text(list.get(i), "name");
            if (name.isEmpty()) {
                throw new IllegalArgumentException(path + ".name: Required value");
            }
            if (!names.add(name)) {
                throw new IllegalArgumentException(path + ".name: Duplicate value: \"" + name + "\"");
            }
            authorizers.add(authorizer(path, name, list.get(i), file));
        }
        return authorizers;
    }

    private static Configured authorizer(String path, String name, JsonNode entry, Path file) {
        return switch (text(entry, "type")) {
            case "Node" -> new Plain(Mode.NODE);
            case "RBAC" -> new Plain(Mode.RBAC);
            case "AlwaysAllow" -> new Plain(Mode.ALWAYS_ALLOW);
            case "AlwaysDeny" -> new Plain(Mode.ALWAYS_DENY);
            case "Webhook" -> hook(path + ".webhook", name, entry.path("webhook"), file);
            default ->
                throw new IllegalArgumentException(path + ".type: Unsupported value: \"" + text(entry, "type") + "\"");
        };
    }

    private static Hook hook(String path, String name, JsonNode webhook, Path file) {
        var connection = webhook.path("connectionInfo");
        if (!text(connection, "type").equals("KubeConfigFile")) {
            throw new IllegalArgumentException(path + ".connectionInfo.type: Unsupported value: \""
                    + text(connection, "type") + "\": supported values: \"KubeConfigFile\"");
        }
        if (text(connection, "kubeConfigFile").isEmpty()) {
            throw new IllegalArgumentException(path + ".connectionInfo.kubeConfigFile: Required value");
        }
        var timeout = duration(webhook, "timeout", "");
        if (timeout.isZero() || timeout.isNegative() || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(path + ".timeout: Invalid value: must be > 0s and <= 30s");
        }
        var conditions = new ArrayList<String>();
        webhook.path("matchConditions").forEach(condition -> conditions.add(text(condition, "expression")));
        return new Hook(
                name,
                file.resolveSibling(text(connection, "kubeConfigFile")),
                oneOf(
                        path + ".subjectAccessReviewVersion",
                        text(webhook, "subjectAccessReviewVersion"),
                        "v1",
                        "v1beta1"),
                remembered(webhook, "cacheAuthorizedRequests", "authorizedTTL", "5m"),
                remembered(webhook, "cacheUnauthorizedRequests", "unauthorizedTTL", "30s"),
                timeout,
                oneOf(path + ".failurePolicy", text(webhook, "failurePolicy"), "NoOpinion", "Deny")
                        .equals("Deny"),
                conditions);
    }

    private static String oneOf(String path, String value, String... supported) {
        if (!List.of(supported).contains(value)) {
            throw new IllegalArgumentException(path + ": Unsupported value: \"" + value + "\": supported values: \""
                    + String.join("\", \"", supported) + "\"");
        }
        return value;
    }

    /// How long answers count; not at all if they are not to be kept.
    private static Duration remembered(JsonNode webhook, String whether, String field, String otherwise) {
        return webhook.path(whether).asBoolean(true) ? duration(webhook, field, otherwise) : Duration.ZERO;
    }

    private static Duration duration(JsonNode node, String field, String otherwise) {
        String given = text(node, field);
        String used = given.isEmpty() ? otherwise : given;
        return used.isEmpty() ? Duration.ZERO : GoDuration.parse(used);
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asText("");
    }
}
