package dev.kapal.apiserver.encryption;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.base.time.Time;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.Documents;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/// Which resources are encrypted and how: upstream's `EncryptionConfiguration`, apiserver.config.k8s.io/v1. Immutable;
/// any thread.
public final class EncryptionConfig {
    private static final String ROOT = "/registry/";

    private final List<Rule> rules;
    private final List<Kms> connections;
    /// By the part of the key that names the resource: looked up for every write.
    private final Map<String, Optional<Providers>> known = new ConcurrentHashMap<>();

    private record Rule(List<String> resources, Providers providers) {
        boolean covers(String group, String plural) {
            String full = group.isEmpty() ? plural : plural + "." + group;
            return resources.contains(full) || resources.contains("*." + group) || resources.contains("*.*");
        }
    }

    private EncryptionConfig(List<Rule> rules, List<Kms> connections) {
        this.rules = List.copyOf(rules);
        this.connections = List.copyOf(connections);
    }

    /// Reads a configuration, in YAML or JSON.
    ///
    /// @throws IllegalArgumentException saying what is wrong and where
    public static EncryptionConfig parse(byte[] text) {
        var document = document(text);
        if (!document.path("kind").asText("").equals("EncryptionConfiguration")
                || !document.path("apiVersion").asText("").equals("apiserver.config.k8s.io/v1")) {
            throw new IllegalArgumentException(
                    "expected kind EncryptionConfiguration of apiserver.config.k8s.io/v1, found %s of %s"
                            .formatted(
                                    document.path("kind").asText("none"),
                                    document.path("apiVersion").asText("none")));
        }
        if (document.path("resources").isEmpty()) {
            throw new IllegalArgumentException("resources: Required value: no resources configured");
        }
        var rules = new ArrayList<Rule>();
        var connections = new ArrayList<Kms>();
        for (var rule : document.path("resources")) {
            String at = "resources[" + rules.size() + "]";
            var resources = new ArrayList<String>();
            rule.path("resources").forEach(name -> resources.add(name.asText()));
            if (resources.isEmpty()) {
                throw new IllegalArgumentException(at + ".resources: Required value: no resources specified");
            }
            var providers = new ArrayList<Provider>();
            for (var provider : rule.path("providers")) {
                providers(provider, at + ".providers[" + providers.size() + "]", providers, connections);
            }
            if (providers.isEmpty()) {
                throw new IllegalArgumentException(at + ".providers: Required value: no provider specified");
            }
            rules.add(new Rule(resources, new Providers(providers)));
        }
        return new EncryptionConfig(rules, connections);
    }

    /// The generated file is JSON: reading YAML takes longer than all else here.
    private static JsonNode document(byte[] text) {
        try {
            String begin = new String(text, StandardCharsets.UTF_8).stripLeading();
            return begin.startsWith("{") ? Documents.readAny(text) : Documents.readYaml(text);
        } catch (DecodeException | UncheckedIOException broken) {
            throw new IllegalArgumentException(
                    "the encryption configuration cannot be read: " + broken.getMessage(), broken);
        }
    }

    private static void providers(JsonNode node, String at, List<Provider> into, List<Kms> connections) {
        if (node.size() != 1) {
            throw new IllegalArgumentException(
                    at + ": Invalid value: exactly one of aescbc, aesgcm, secretbox, kms, identity is needed");
        }
        var entry = node.properties().iterator().next();
        switch (entry.getKey()) {
            case "identity" -> into.add(new Plain());
            case "aescbc" -> keys(entry.getValue(), at + ".aescbc", List.of(16, 24, 32), AesCbc::new, into);
            case "aesgcm" -> keys(entry.getValue(), at + ".aesgcm", List.of(16, 24, 32), AesGcm::new, into);
            case "secretbox" -> keys(entry.getValue(), at + ".secretbox", List.of(32), SecretBox::new, into);
            case "kms" -> into.add(kms(entry.getValue(), at + ".kms", connections));
            default ->
                throw new IllegalArgumentException(at + ": Unsupported value: \"" + entry.getKey()
                        + "\": supported values: aescbc, aesgcm, secretbox, kms, identity");
        }
    }

    private static Provider kms(JsonNode node, String at, List<Kms> connections) {
        if (!node.path("apiVersion").asText("v1").equals("v2")) {
            throw new IllegalArgumentException(at + ".apiVersion: Unsupported value: \""
                    + node.path("apiVersion").asText("v1") + "\": supported values: \"v2\"");
        }
        String name = node.path("name").asText("");
        if (name.isEmpty() || name.indexOf(':') >= 0) {
            throw new IllegalArgumentException(
                    at + ".name: Invalid value: \"" + name + "\": a name without a colon is needed");
        }
        String endpoint = node.path("endpoint").asText("");
        if (!endpoint.startsWith("unix:///")) {
            throw new IllegalArgumentException(
                    at + ".endpoint: Invalid value: \"" + endpoint + "\": unsupported scheme, must be unix:///PATH");
        }
        var socket = Path.of(endpoint.substring("unix://".length()));
        var kms = new Kms(name, socket, timeout(node.path("timeout").asText("3s"), at), Time.system());
        connections.add(kms);
        return kms;
    }

    private static Duration timeout(String text, String at) {
        try {
            return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
        } catch (DateTimeException broken) {
            throw new IllegalArgumentException(
                    at + ".timeout: Invalid value: \"" + text + "\": a time such as 3s is needed", broken);
        }
    }

    /// Makes a provider of a key.
    private interface Maker {
        Provider make(String name, byte[] secret);
    }

    private static void keys(JsonNode node, String at, List<Integer> lengths, Maker maker, List<Provider> into) {
        if (node.path("keys").isEmpty()) {
            throw new IllegalArgumentException(at + ".keys: Required value: no keys specified");
        }
        var names = new HashSet<String>();
        int number = 0;
        for (var key : node.path("keys")) {
            String place = at + ".keys[" + number++ + "]";
            String name = key.path("name").asText("");
            if (name.isEmpty()) {
                throw new IllegalArgumentException(place + ".name: Required value: a name is needed");
            }
            if (name.indexOf(':') >= 0) {
                throw new IllegalArgumentException(
                        place + ".name: Invalid value: \"" + name + "\": no colon may be in it");
            }
            if (!names.add(name)) {
                throw new IllegalArgumentException(place + ".name: Duplicate value: \"" + name + "\"");
            }
            into.add(maker.make(name, secret(key.path("secret").asText(""), place, lengths)));
        }
    }

    private static byte[] secret(String base64, String at, List<Integer> lengths) {
        if (base64.isEmpty()) {
            throw new IllegalArgumentException(at + ".secret: Required value: a secret is needed");
        }
        byte[] secret;
        try {
            secret = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException broken) {
            throw new IllegalArgumentException(
                    at + ".secret: Invalid value: \"REDACTED\": secrets must be base64 encoded", broken);
        }
        if (!lengths.contains(secret.length)) {
            throw new IllegalArgumentException(
                    at + ".secret: Invalid value: \"REDACTED\": secret is not of the expected length, got "
                            + secret.length + ", expected one of " + lengths);
        }
        return secret;
    }

    /// What keys of encrypted resources begin with.
    List<String> prefixes() {
        var prefixes = new TreeSet<String>();
        for (var rule : rules) {
            for (var name : rule.resources()) {
                int dot = name.indexOf('.');
                String plural = dot < 0 ? name : name.substring(0, dot);
                String group = dot < 0 ? "" : name.substring(dot + 1);
                String place = ROOT + (group.isEmpty() ? "core" : group) + "/";
                if (group.equals("*")) {
                    return List.of(ROOT);
                }
                prefixes.add(plural.equals("*") ? place : place + plural + "/");
            }
        }
        return List.copyOf(prefixes);
    }

    /// How the values under a key of the store are encrypted; empty when they are not.
    Optional<Providers> of(String key) {
        if (!key.startsWith(ROOT)) {
            return Optional.empty();
        }
        int end = key.indexOf('/', key.indexOf('/', ROOT.length()) + 1);
        return end < 0 ? Optional.empty() : known.computeIfAbsent(key.substring(ROOT.length(), end), this::find);
    }

    private Optional<Providers> find(String resource) {
        int slash = resource.indexOf('/');
        String group = resource.substring(0, slash);
        String plural = resource.substring(slash + 1);
        return rules.stream()
                .filter(rule -> rule.covers(group.equals("core") ? "" : group, plural))
                .findFirst()
                .map(Rule::providers);
    }

    /// Lets go of what the providers hold.
    void close() {
        connections.forEach(Kms::close);
    }
}
