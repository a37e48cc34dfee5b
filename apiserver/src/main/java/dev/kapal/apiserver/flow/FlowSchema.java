package dev.kapal.apiserver.flow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What one FlowSchema says: which requests it takes, into which level, and what tells its flows apart. Immutable.
record FlowSchema(
        String name, String uid, String level, int precedence, Distinguisher distinguisher, List<Rule> rules) {
    private static final String ALL = "*";

    FlowSchema {
        rules = List.copyOf(rules);
    }

    enum Distinguisher {
        NONE,
        USER,
        NAMESPACE
    }

    record Rule(List<Subject> subjects, List<ResourceRule> resources, List<PathRule> paths) {}

    /// @param kind `User`, `Group` or `ServiceAccount`
    record Subject(String kind, String namespace, String name) {
        boolean is(User user) {
            return switch (kind) {
                case "User" -> name.equals(ALL) || name.equals(user.name());
                case "Group" -> name.equals(ALL) || user.isIn(name);
                default -> isAccount(user.name());
            };
        }

        private boolean isAccount(String user) {
            String prefix = "system:serviceaccount:" + namespace + ":";
            return user.startsWith(prefix)
                    && (name.equals(ALL) || user.substring(prefix.length()).equals(name));
        }
    }

    record ResourceRule(
            Set<String> verbs, Set<String> groups, Set<String> resources, Set<String> namespaces, boolean cluster) {
        boolean matches(RequestInfo info) {
            String resource =
                    info.subresource().isEmpty() ? info.resource() : info.resource() + "/" + info.subresource();
            return has(verbs, info.verb())
                    && has(groups, info.group())
                    && has(resources, resource)
                    && (info.namespace().isEmpty() ? cluster : has(namespaces, info.namespace()));
        }
    }

    record PathRule(Set<String> verbs, List<String> paths) {
        boolean matches(RequestInfo info) {
            return has(verbs, info.verb()) && paths.stream().anyMatch(pattern -> isPath(pattern, info.path()));
        }

        private static boolean isPath(String pattern, String path) {
            return pattern.equals(ALL)
                    || pattern.equals(path)
                    || pattern.endsWith("/*") && path.startsWith(pattern.substring(0, pattern.length() - 1));
        }
    }

    private static boolean has(Set<String> allowed, String value) {
        return allowed.contains(ALL) || allowed.contains(value);
    }

    static FlowSchema of(String name, String uid, JsonNode spec) {
        var rules = new ArrayList<Rule>();
        for (var rule : spec.path("rules")) {
            rules.add(rule(rule));
        }
        return new FlowSchema(
                name,
                uid,
                spec.path("priorityLevelConfiguration").path("name").asText(),
                spec.path("matchingPrecedence").asInt(1000),
                switch (spec.path("distinguisherMethod").path("type").asText("")) {
                    case "ByUser" -> Distinguisher.USER;
                    case "ByNamespace" -> Distinguisher.NAMESPACE;
                    default -> Distinguisher.NONE;
                },
                rules);
    }

    private static Rule rule(JsonNode rule) {
        var subjects = new ArrayList<Subject>();
        for (var subject : rule.path("subjects")) {
            var kind = subject.path("kind").asText();
            var details = subject.path(
                    switch (kind) {
                        case "User" -> "user";
                        case "Group" -> "group";
                        default -> "serviceAccount";
                    });
            subjects.add(new Subject(
                    kind,
                    details.path("namespace").asText(""),
                    details.path("name").asText("")));
        }
        var resources = new ArrayList<ResourceRule>();
        for (var node : rule.path("resourceRules")) {
            resources.add(new ResourceRule(
                    texts(node.path("verbs")),
                    texts(node.path("apiGroups")),
                    texts(node.path("resources")),
                    texts(node.path("namespaces")),
                    node.path("clusterScope").asBoolean()));
        }
        var paths = new ArrayList<PathRule>();
        for (var node : rule.path("nonResourceRules")) {
            paths.add(new PathRule(texts(node.path("verbs")), List.copyOf(texts(node.path("nonResourceURLs")))));
        }
        return new Rule(subjects, resources, paths);
    }

    private static Set<String> texts(JsonNode list) {
        var texts = new HashSet<String>();
        list.forEach(node -> texts.add(node.asText()));
        return texts;
    }

    boolean matches(User user, RequestInfo info) {
        for (var rule : rules) {
            if (rule.subjects().stream().anyMatch(subject -> subject.is(user))
                    && (info.isResource()
                            ? rule.resources().stream().anyMatch(one -> one.matches(info))
                            : rule.paths().stream().anyMatch(one -> one.matches(info)))) {
                return true;
            }
        }
        return false;
    }

    /// A number that is the same for all requests of one flow.
    long flow(User user, RequestInfo info) {
        long hash = mixed(0x9e3779b97f4a7c15L, name);
        return switch (distinguisher) {
            case NONE -> hash;
            case USER -> mixed(hash, user.name());
            case NAMESPACE -> mixed(hash, info.namespace());
        };
    }

    private static long mixed(long seed, String text) {
        long hash = seed;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        return hash ^ hash >>> 33;
    }
}
