package dev.kapal.apiserver.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.audit.AuditPolicy.Resources;
import dev.kapal.apiserver.audit.AuditPolicy.Rule;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/// Reads an audit policy from YAML or JSON, strictly: a policy that is not understood must not log less than it says.
public final class AuditPolicyFile {
    private static final Set<String> POLICY =
            Set.of("apiVersion", "kind", "metadata", "rules", "omitStages", "omitManagedFields");
    private static final Set<String> RULE = Set.of(
            "level",
            "users",
            "userGroups",
            "verbs",
            "resources",
            "namespaces",
            "nonResourceURLs",
            "omitStages",
            "omitManagedFields");
    private static final Set<String> RESOURCES = Set.of("group", "resources", "resourceNames");

    private AuditPolicyFile() {}

    /// The policy cannot be used; the message names the file and the field.
    public static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unusable(String message) {
            super(message);
        }
    }

    /// What is logged when nobody chose a policy: who did what, without bodies, without looks at the server's health,
    /// and without the heart-beats that every component renews every few seconds.
    public static AuditPolicy usual() {
        try (InputStream in = AuditPolicyFile.class.getResourceAsStream("default-policy.json")) {
            return parse(in.readAllBytes(), MediaType.JSON); // no YAML parser on the way to the start
        } catch (IOException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /// Throws [Unusable].
    public static AuditPolicy read(Path file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException unreadable) {
            throw new Unusable("failed to read the audit policy " + file + ": " + unreadable.getMessage());
        }
        try {
            return parse(bytes, MediaType.YAML);
        } catch (Unusable why) {
            throw new Unusable("the audit policy " + file + " cannot be used: " + why.getMessage());
        }
    }

    static AuditPolicy parse(byte[] bytes, MediaType type) {
        JsonNode document;
        try {
            document = new DocumentDecoder().decode(bytes, type).document();
        } catch (DecodeException malformed) {
            throw new Unusable("failed decoding: " + malformed.getMessage());
        }
        known("", document, POLICY);
        if (!document.path("apiVersion").asText().equals("audit.k8s.io/v1")
                || !document.path("kind").asText().equals("Policy")) {
            throw new Unusable("it must be of apiVersion audit.k8s.io/v1 and kind Policy");
        }
        var rules = new ArrayList<Rule>();
        for (var rule : document.path("rules")) {
            rules.add(rule("rules[" + rules.size() + "]", rule));
        }
        if (rules.isEmpty()) {
            throw new Unusable("loaded illegal policy with 0 rules");
        }
        return new AuditPolicy(
                rules,
                stages("omitStages", document.path("omitStages")),
                flag("omitManagedFields", document).orElse(false));
    }

    private static Rule rule(String path, JsonNode rule) {
        known(path + ".", rule, RULE);
        var urls = texts(path + ".nonResourceURLs", rule.path("nonResourceURLs"));
        var resources = new ArrayList<Resources>();
        for (var some : rule.path("resources")) {
            resources.add(resources(path + ".resources[" + resources.size() + "]", some));
        }
        var namespaces = texts(path + ".namespaces", rule.path("namespaces"));
        if (!urls.isEmpty() && (!resources.isEmpty() || !namespaces.isEmpty())) {
            throw new Unusable(path + ".nonResourceURLs: Invalid value: "
                    + "rules cannot apply to both regular resources and non-resource URLs");
        }
        urls.forEach(url -> checkUrl(path + ".nonResourceURLs", url));
        return new Rule(
                one(path + ".level", rule.path("level"), AuditLevel.values(), AuditLevel::text),
                texts(path + ".users", rule.path("users")),
                texts(path + ".userGroups", rule.path("userGroups")),
                texts(path + ".verbs", rule.path("verbs")),
                resources,
                namespaces,
                urls,
                stages(path + ".omitStages", rule.path("omitStages")),
                flag("omitManagedFields", rule));
    }

    private static void checkUrl(String path, String url) {
        if (url.equals("*")) {
            return;
        }
        if (!url.startsWith("/")) {
            throw new Unusable(
                    path + ": Invalid value: \"" + url + "\": non-resource URL rules must begin with a '/' character");
        }
        int star = url.indexOf('*');
        if (star >= 0 && star < url.length() - 1) {
            throw new Unusable(path + ": Invalid value: \"" + url
                    + "\": non-resource URL wildcards '*' must be the final character of the rule");
        }
    }

    private static Resources resources(String path, JsonNode node) {
        known(path + ".", node, RESOURCES);
        var resources = texts(path + ".resources", node.path("resources"));
        var names = texts(path + ".resourceNames", node.path("resourceNames"));
        if (!names.isEmpty() && resources.isEmpty()) {
            throw new Unusable(
                    path + ".resourceNames: Invalid value: using resourceNames requires at least one resource");
        }
        return new Resources(node.path("group").asText(""), resources, names);
    }

    private static Set<AuditStage> stages(String path, JsonNode list) {
        var stages = EnumSet.noneOf(AuditStage.class);
        for (var node : list) {
            stages.add(one(path, node, AuditStage.values(), AuditStage::text));
        }
        return stages;
    }

    private static <T> T one(String path, JsonNode node, T[] all, Function<T, String> text) {
        var names = new ArrayList<String>();
        for (var candidate : all) {
            if (text.apply(candidate).equals(node.asText(""))) {
                return candidate;
            }
            names.add('"' + text.apply(candidate) + '"');
        }
        if (node.asText("").isEmpty()) {
            throw new Unusable(path + ": Required value");
        }
        throw new Unusable(path + ": Unsupported value: \"" + node.asText() + "\": supported values: "
                + String.join(", ", new TreeSet<>(names)));
    }

    private static Optional<Boolean> flag(String field, JsonNode in) {
        return in.path(field).isBoolean() ? Optional.of(in.path(field).asBoolean()) : Optional.empty();
    }

    private static List<String> texts(String path, JsonNode list) {
        if (!list.isMissingNode() && !list.isNull() && !list.isArray()) {
            throw new Unusable(path + ": must be a list");
        }
        return StreamSupport.stream(list.spliterator(), false)
                .map(node -> node.asText(""))
                .toList();
    }

    private static void known(String path, JsonNode node, Set<String> fields) {
        if (!node.isObject()) {
            throw new Unusable((path.isEmpty() ? "the policy" : path) + " must be an object");
        }
        node.fieldNames().forEachRemaining(name -> {
            if (!fields.contains(name)) {
                throw new Unusable("strict decoding error: unknown field \"" + path + name + "\"");
            }
        });
    }
}
