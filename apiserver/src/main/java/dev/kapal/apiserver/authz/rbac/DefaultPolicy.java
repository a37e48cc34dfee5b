package dev.kapal.apiserver.authz.rbac;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.authz.PolicyRule;
import dev.kapal.model.codec.Documents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// The roles and bindings that every cluster has, read from `default-policy.txt`, whose head explains the format.
/// Immutable.
public final class DefaultPolicy {
    static final String AUTOUPDATE = "rbac.authorization.kubernetes.io/autoupdate";

    private static final String GROUP = "rbac.authorization.k8s.io";
    private static final String AGGREGATE = GROUP + "/aggregate-to-";
    private static final List<String> READ = List.of("get", "list", "watch");
    private static final List<String> WRITE = List.of("create", "delete", "deletecollection", "patch", "update");

    private final List<Role> roles = new ArrayList<>();
    private final List<Bound> bindings = new ArrayList<>();

    /// @param namespace empty for a ClusterRole
    /// @param into the aggregated roles that take its rules over
    /// @param from the labels `aggregate-to-…` that its own rules come from
    record Role(String namespace, String name, List<String> into, List<String> from, List<PolicyRule> rules) {
        ObjectNode document() {
            var document = head(namespace.isEmpty() ? "ClusterRole" : "Role", namespace, name);
            var labels = (ObjectNode) document.path("metadata").path("labels");
            into.forEach(role -> labels.put(AGGREGATE + role, "true"));
            if (!from.isEmpty()) {
                var selectors = document.putObject("aggregationRule").putArray("clusterRoleSelectors");
                from.forEach(
                        role -> selectors.addObject().putObject("matchLabels").put(AGGREGATE + role, "true"));
            }
            var list = document.putArray("rules");
            rules.forEach(rule -> list.add(rule.document()));
            return document;
        }
    }

    /// @param namespace empty for a ClusterRoleBinding
    record Bound(String namespace, String name, String role, List<Binding.Subject> subjects) {
        ObjectNode document() {
            boolean cluster = namespace.isEmpty();
            var document = head(cluster ? "ClusterRoleBinding" : "RoleBinding", namespace, name);
            document.putObject("roleRef")
                    .put("apiGroup", GROUP)
                    .put("kind", cluster ? "ClusterRole" : "Role")
                    .put("name", role);
            if (!subjects.isEmpty()) {
                var list = document.putArray("subjects");
                subjects.forEach(subject -> add(list.addObject(), subject));
            }
            return document;
        }

        private static void add(ObjectNode to, Binding.Subject subject) {
            if (subject.namespace().isEmpty()) {
                to.put("apiGroup", GROUP);
            }
            to.put("kind", subject.kind()).put("name", subject.name());
            if (!subject.namespace().isEmpty()) {
                to.put("namespace", subject.namespace());
            }
        }
    }

    private DefaultPolicy(String text) {
        new Reader().read(text);
    }

    /// What this version of Kapal ships.
    public static DefaultPolicy load() {
        try (var in = DefaultPolicy.class.getResourceAsStream("default-policy.txt")) {
            return new DefaultPolicy(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static DefaultPolicy of(String text) {
        return new DefaultPolicy(text);
    }

    List<Role> roles() {
        return List.copyOf(roles);
    }

    List<Bound> bindings() {
        return List.copyOf(bindings);
    }

    /// The rules of a ClusterRole.
    public List<PolicyRule> rulesOf(String clusterRole) {
        return roles.stream()
                .filter(role -> role.namespace().isEmpty() && role.name().equals(clusterRole))
                .findFirst()
                .orElseThrow()
                .rules();
    }

    private static ObjectNode head(String kind, String namespace, String name) {
        var document = Documents.object();
        document.put("kind", kind).put("apiVersion", GROUP + "/v1");
        var metadata = document.putObject("metadata").put("name", name);
        if (!namespace.isEmpty()) {
            metadata.put("namespace", namespace);
        }
        metadata.putObject("labels").put("kubernetes.io/bootstrapping", "rbac-defaults");
        metadata.putObject("annotations").put(AUTOUPDATE, "true");
        return document;
    }

    /// Reads the text line by line; used once.
    private final class Reader {
        private String namespace = "";
        private Map<String, String> head = Map.of();
        private final LinkedHashSet<PolicyRule> rules = new LinkedHashSet<>();

        void read(String text) {
            text.lines().forEach(this::line);
            finishRole();
        }

        private void line(String line) {
            if (line.isBlank() || line.startsWith("#")) {
                return;
            }
            var words = line.strip().split("\\s+");
            if (line.startsWith("  ")) {
                rule(words);
                return;
            }
            finishRole();
            switch (words[0]) {
                case "in" -> namespace = words[1].equals("*") ? "" : words[1];
                case "role" -> head = options(words);
                case "bind" -> bind(words);
                default -> throw new IllegalArgumentException(line);
            }
        }

        private Map<String, String> options(String[] words) {
            var options = new LinkedHashMap<String, String>();
            options.put("name", words[1]);
            for (int i = 2; i < words.length; i++) {
                int equals = words[i].indexOf('=');
                options.put(words[i].substring(0, equals), words[i].substring(equals + 1));
            }
            return options;
        }

        private void rule(String[] words) {
            if (words[0].equals("include")) {
                roles.stream()
                        .filter(role -> role.name().startsWith(words[1]))
                        .forEach(role -> rules.addAll(role.rules()));
            } else if (words[1].equals("url")) {
                rules.add(new PolicyRule(verbs(words[0]), List.of(), List.of(), List.of(), sorted(words[2])));
            } else {
                var names = words.length > 3 ? sorted(words[3]) : List.<String>of();
                var groups = sorted(words[1].replace("core", ""));
                rules.add(new PolicyRule(verbs(words[0]), groups, sorted(words[2]), names, List.of()));
            }
        }

        private void finishRole() {
            if (!head.isEmpty()) {
                roles.add(new Role(
                        namespace,
                        head.get("name"),
                        list(head.getOrDefault("into", "")),
                        list(head.getOrDefault("from", "")),
                        List.copyOf(rules)));
            }
            head = Map.of();
            rules.clear();
        }

        private void bind(String[] words) {
            String role = words.length > 3 ? words[2] : words[1];
            String subjects = words[words.length - 1];
            bindings.add(new Bound(
                    namespace,
                    words[1],
                    role,
                    subjects.equals("-")
                            ? List.of()
                            : list(subjects).stream().map(this::subject).toList()));
        }

        private Binding.Subject subject(String text) {
            var parts = text.split(":", 2);
            return switch (parts[0]) {
                case "user" -> new Binding.Subject("User", parts[1], "");
                case "group" -> new Binding.Subject("Group", parts[1], "");
                case "account" -> {
                    var account = parts[1].split(":");
                    yield new Binding.Subject("ServiceAccount", account[1], account[0]);
                }
                default -> throw new IllegalArgumentException(text);
            };
        }

        private static List<String> verbs(String text) {
            var verbs = new TreeSet<String>();
            for (var word : text.split(",")) {
                switch (word) {
                    case "read" -> verbs.addAll(READ);
                    case "write" -> verbs.addAll(WRITE);
                    case "all" -> {
                        verbs.addAll(READ);
                        verbs.addAll(WRITE);
                    }
                    default -> verbs.add(word);
                }
            }
            return List.copyOf(verbs);
        }

        private static List<String> list(String text) {
            return text.isEmpty() ? List.of() : List.of(text.split(","));
        }

        private static List<String> sorted(String text) {
            return List.copyOf(new TreeSet<>(List.of(text.split(",", -1))));
        }
    }
}
