package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Names;
import dev.kapal.model.codec.Documents;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Plain text is taken in as bytes; each type needs its keys.
final class SecretStrategy implements Strategy {
    private static final String TLS = "kubernetes.io/tls";
    private static final String SSH = "kubernetes.io/ssh-auth";
    private static final Map<String, List<String>> NEEDED = Map.of(
            "kubernetes.io/dockercfg",
            List.of(".dockercfg"),
            "kubernetes.io/dockerconfigjson",
            List.of(".dockerconfigjson"),
            SSH,
            List.of("ssh-privatekey"),
            TLS,
            List.of("tls.crt", "tls.key"));
    private static final String ACCOUNT = "kubernetes.io/service-account.name";

    @Override
    public void onCreate(ObjectNode secret) {
        takeText(secret);
        if (secret.path("type").asText("").isEmpty()) {
            secret.put("type", "Opaque");
        }
    }

    @Override
    public void onUpdate(ObjectNode incoming, ObjectNode stored) {
        takeText(incoming);
        if (incoming.path("type").asText("").isEmpty()) {
            Copies.field("type", stored, incoming);
        }
    }

    /// `stringData` is for writing only: it goes over into `data`.
    private static void takeText(ObjectNode secret) {
        if (!(secret.remove("stringData") instanceof ObjectNode texts) || texts.isEmpty()) {
            return;
        }
        var data = secret.withObject("/data");
        texts.properties()
                .forEach(text -> data.put(
                        text.getKey(),
                        Base64.getEncoder()
                                .encodeToString(text.getValue().asText().getBytes(StandardCharsets.UTF_8))));
    }

    @Override
    public void check(ObjectNode secret, Optional<ObjectNode> stored, Problems problems) {
        stored.ifPresent(before -> {
            var type = secret.path("type").asText("");
            if (!type.equals(before.path("type").asText(""))) {
                problems.invalid("type", type, Problems.IMMUTABLE);
            }
            Immutable.check(secret, before, problems, "data");
        });
        var data = secret.path("data");
        long size = 0;
        for (var entry : data.properties()) {
            problems.invalid(Problems.at("data", entry.getKey()), entry.getKey(), Names.configMapKey(entry.getKey()));
            size += Sizes.base64(entry.getValue().asText());
        }
        if (size > ConfigMapStrategy.LIMIT) {
            problems.tooLong("data", ConfigMapStrategy.LIMIT);
        }
        checkType(secret, problems);
    }

    private static void checkType(ObjectNode secret, Problems problems) {
        var type = secret.path("type").asText("");
        var data = secret.path("data");
        for (var key : NEEDED.getOrDefault(type, List.of())) {
            boolean empty = type.equals(SSH) && data.path(key).asText("").isEmpty();
            if (!data.has(key) || empty) {
                problems.required(Problems.at("data", key), "");
            }
        }
        if (type.startsWith("kubernetes.io/dockerc")) {
            NEEDED.getOrDefault(type, List.of()).forEach(key -> checkJson(key, data, problems));
        }
        if (type.equals("kubernetes.io/basic-auth") && !data.has("username") && !data.has("password")) {
            problems.required("data[username]", "");
            problems.required("data[password]", "");
        }
        var annotations = secret.path("metadata").path("annotations");
        if (type.equals("kubernetes.io/service-account-token")
                && annotations.path(ACCOUNT).asText("").isEmpty()) {
            problems.required("metadata.annotations[" + ACCOUNT + "]", "");
        }
    }

    /// Credentials for registries are JSON objects.
    private static void checkJson(String key, JsonNode data, Problems problems) {
        if (!data.has(key)) {
            return;
        }
        var text = Base64.getDecoder().decode(data.get(key).asText());
        var error = Documents.jsonError(text);
        if (error.isEmpty()) {
            error = kindOf(Documents.readAny(text))
                    .map(kind -> "json: cannot unmarshal " + kind + " into Go value of type map[string]interface {}");
        }
        error.ifPresent(why -> problems.invalid(Problems.at("data", key), "<secret contents redacted>", why));
    }

    /// What it is instead of an object; nothing at all is taken for an empty one.
    private static Optional<String> kindOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> Optional.of("array");
            case STRING -> Optional.of("string");
            case NUMBER -> Optional.of("number");
            case BOOLEAN -> Optional.of("bool");
            default -> Optional.empty();
        };
    }

    @Override
    public List<String> warnings(ObjectNode secret) {
        if (!secret.path("type").asText("").equals(TLS)) {
            return List.of();
        }
        var data = secret.path("data");
        return TlsPair.problem(text(data, "tls.crt"), text(data, "tls.key")).stream()
                .toList();
    }

    private static String text(JsonNode data, String key) {
        return new String(Base64.getDecoder().decode(data.path(key).asText("")), StandardCharsets.UTF_8);
    }

    @Override
    public Set<String> selectable() {
        return Set.of("type");
    }

    @Override
    public Map<String, String> fields(ObjectNode secret) {
        return Map.of("type", secret.path("type").asText(""));
    }
}
