package dev.kapal.apiserver.authz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.MediaType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Decides by a file with one policy on each line. Any thread, from memory; the file is read once. Source: "Using ABAC
/// Authorization".
final class AbacPolicy implements Authorizer {
    private static final String VERSION = "abac.authorization.kubernetes.io/v1beta1";
    private static final String ALL = "*";
    private static final Set<String> READ = Set.of("get", "list", "watch");

    private final List<Line> lines;

    private record Line(
            String user,
            String group,
            String namespace,
            String apiGroup,
            String resource,
            String path,
            boolean readOnly) {

        boolean isFor(User asks) {
            if (user.isEmpty() && group.isEmpty()) {
                return false;
            }
            boolean named = user.isEmpty() || user.equals(ALL) || user.equals(asks.name());
            return named && (group.isEmpty() || group.equals(ALL) || asks.isIn(group));
        }

        boolean covers(RequestInfo info) {
            if (readOnly && !READ.contains(info.verb())) {
                return false;
            }
            return info.isResource()
                    ? is(namespace, info.namespace()) && is(resource, info.resource()) && is(apiGroup, info.group())
                    : coversPath(info.path());
        }

        private static boolean is(String held, String wanted) {
            return held.equals(ALL) || held.equals(wanted);
        }

        private boolean coversPath(String wanted) {
            return is(path, wanted)
                    || path.endsWith(ALL) && wanted.startsWith(path.replaceFirst("\\*+$", "")) && !path.equals(ALL);
        }
    }

    private AbacPolicy(List<Line> lines) {
        this.lines = List.copyOf(lines);
    }

    /// @throws IllegalArgumentException when a line makes no sense; its message is for the user
    static AbacPolicy read(Path file) throws IOException {
        var lines = new ArrayList<Line>();
        int number = 0;
        for (var text : Files.readAllLines(file)) {
            number++;
            if (text.isBlank() || text.strip().startsWith("#")) {
                continue;
            }
            try {
                lines.add(line(new DocumentDecoder()
                        .decode(text.getBytes(StandardCharsets.UTF_8), MediaType.JSON)
                        .document()));
            } catch (DecodeException | IllegalArgumentException broken) {
                throw new IllegalArgumentException(
                        "error reading policy file %s, line %d: %s".formatted(file, number, broken.getMessage()),
                        broken);
            }
        }
        return new AbacPolicy(lines);
    }

    private static Line line(ObjectNode policy) {
        if (!policy.has("apiVersion") && !policy.has("kind")) {
            return unversioned(policy);
        }
        if (!policy.path("apiVersion").asText().equals(VERSION)
                || !policy.path("kind").asText().equals("Policy")) {
            throw new IllegalArgumentException("not a Policy of " + VERSION);
        }
        var spec = policy.path("spec");
        return new Line(
                text(spec, "user"),
                text(spec, "group"),
                text(spec, "namespace"),
                text(spec, "apiGroup"),
                text(spec, "resource"),
                text(spec, "nonResourcePath"),
                spec.path("readonly").asBoolean());
    }

    /// The oldest form: what is left out stands for everything.
    private static Line unversioned(ObjectNode policy) {
        String user = text(policy, "user");
        String group = text(policy, "group");
        if (user.isEmpty() && group.isEmpty() || user.equals(ALL) || group.equals(ALL)) {
            user = "";
            group = "system:authenticated";
        }
        String namespace = text(policy, "namespace");
        String resource = text(policy, "resource");
        return new Line(
                user,
                group,
                namespace.isEmpty() ? ALL : namespace,
                ALL,
                resource.isEmpty() ? ALL : resource,
                namespace.isEmpty() && resource.isEmpty() ? ALL : "",
                policy.path("readonly").asBoolean());
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asText("");
    }

    @Override
    public Decision decide(User user, RequestInfo info) {
        for (var line : lines) {
            if (line.isFor(user) && line.covers(info)) {
                return Decision.ALLOW;
            }
        }
        return Decision.noOpinion("No policy matched.");
    }

    @Override
    public Rules rules(User user, String namespace) {
        var rules = new ArrayList<PolicyRule>();
        for (var line : lines) {
            boolean here = line.namespace().equals(ALL) || line.namespace().equals(namespace);
            if (!line.isFor(user)) {
                continue;
            }
            var verbs = line.readOnly() ? List.of("get", "list", "watch") : List.of(ALL);
            if (here && !line.resource().isEmpty()) {
                rules.add(new PolicyRule(
                        verbs, List.of(line.apiGroup()), List.of(line.resource()), List.of(), List.of()));
            }
            if (!line.path().isEmpty()) {
                rules.add(new PolicyRule(verbs, List.of(), List.of(), List.of(), List.of(line.path())));
            }
        }
        return new Rules(rules, false, List.of());
    }
}
