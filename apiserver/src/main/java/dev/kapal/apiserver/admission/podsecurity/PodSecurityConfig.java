package dev.kapal.apiserver.admission.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.apiserver.reload.KnownFields;
import dev.kapal.apiserver.strategy.Problems;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What holds for the whole cluster: the policy of namespaces that name none, and who is exempt from all. Immutable.
///
/// Source: `PodSecurityConfiguration`, pod-security.admission.config.k8s.io/v1.
public final class PodSecurityConfig {
    /// Everything is allowed where no label says otherwise.
    public static final PodSecurityConfig NONE =
            new PodSecurityConfig(Policy.of(Map.of()), Set.of(), Set.of(), Set.of());

    private static final Set<String> VERSIONS = Set.of(
            "pod-security.admission.config.k8s.io/v1",
            "pod-security.admission.config.k8s.io/v1beta1",
            "pod-security.admission.config.k8s.io/v1alpha1");
    private static final List<String> MODES = List.of("enforce", "audit", "warn");
    private static final KnownFields FIELDS = new KnownFields(Map.of(
            "", Set.of("apiVersion", "kind", "defaults", "exemptions"),
            "defaults", Set.of("enforce", "enforce-version", "audit", "audit-version", "warn", "warn-version"),
            "exemptions", Set.of("usernames", "runtimeClasses", "namespaces")));

    private final Policy defaults;
    private final Set<String> users;
    private final Set<String> runtimeClasses;
    private final Set<String> namespaces;

    private PodSecurityConfig(Policy defaults, Set<String> users, Set<String> runtimeClasses, Set<String> namespaces) {
        this.defaults = defaults;
        this.users = Set.copyOf(users);
        this.runtimeClasses = Set.copyOf(runtimeClasses);
        this.namespaces = Set.copyOf(namespaces);
    }

    /// @throws IllegalArgumentException for what makes no sense; its message is for the user
    public static PodSecurityConfig of(JsonNode document) {
        var version = document.path("apiVersion").asText();
        var kind = document.path("kind").asText();
        if (!VERSIONS.contains(version) || !kind.equals("PodSecurityConfiguration")) {
            throw new IllegalArgumentException(
                    "no kind \"" + kind + "\" is registered for version \"" + version + "\"");
        }
        FIELDS.check(document);
        var exemptions = document.path("exemptions");
        return new PodSecurityConfig(
                defaults(document.path("defaults")),
                names(exemptions, "usernames"),
                names(exemptions, "runtimeClasses"),
                names(exemptions, "namespaces"));
    }

    /// Read as the labels of a namespace are.
    private static Policy defaults(JsonNode defaults) {
        var problems = new Problems();
        var labels = new HashMap<String, String>();
        for (var mode : MODES) {
            for (var field : List.of(mode, mode + "-version")) {
                labels.put(
                        Policy.PREFIX + field,
                        defaults.path(field).asText(field.equals(mode) ? Level.PRIVILEGED.text() : "latest"));
            }
        }
        var policy = Policy.of(labels);
        if (!policy.problems().isEmpty()) {
            var first = policy.problems().found().getFirst();
            throw new IllegalArgumentException(first.message()
                    .replace("metadata.labels[" + Policy.PREFIX, "defaults.")
                    .replace("]", ""));
        }
        return policy;
    }

    private static Set<String> names(JsonNode exemptions, String field) {
        var names = new HashSet<String>();
        int index = 0;
        for (var name : exemptions.path(field)) {
            var place = "exemptions." + field + "[" + index++ + "]";
            if (name.asText().isEmpty()) {
                throw new IllegalArgumentException(place + ": Invalid value: \"\": must not be empty");
            }
            if (!names.add(name.asText())) {
                throw new IllegalArgumentException(place + ": Duplicate value: \"" + name.asText() + "\"");
            }
        }
        return names;
    }

    Policy defaults() {
        return defaults;
    }

    boolean exemptsUser(String name) {
        return users.contains(name);
    }

    boolean exemptsNamespace(String name) {
        return namespaces.contains(name);
    }

    boolean exemptsRuntimeClass(JsonNode podSpec) {
        return runtimeClasses.contains(podSpec.path("runtimeClassName").asText(""));
    }
}
