package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.Names;
import dev.kapal.model.codec.Documents;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Role bindings and cluster role bindings: what they bind is chosen once, to whom may change.
final class RbacBindingStrategy implements Strategy {
    private static final String GROUP = "rbac.authorization.k8s.io";
    private static final List<String> SUBJECTS = List.of("ServiceAccount", "User", "Group");

    private final boolean namespaced;
    private final List<String> roles;

    RbacBindingStrategy(boolean namespaced) {
        this.namespaced = namespaced;
        this.roles = namespaced ? List.of("Role", "ClusterRole") : List.of("ClusterRole");
    }

    @Override
    public List<String> nameProblems(String name) {
        return Names.pathSegment(name);
    }

    @Override
    public boolean createsOnUpdate() {
        return true;
    }

    @Override
    public void check(ObjectNode binding, Optional<ObjectNode> stored, Problems problems) {
        roleRef(binding.path("roleRef"), problems);
        for (int i = 0; i < binding.path("subjects").size(); i++) {
            subject(Problems.at("subjects", i), binding.path("subjects").get(i), problems);
        }
        if (stored.isPresent() && !stored.get().path("roleRef").equals(binding.path("roleRef"))) {
            problems.invalid("roleRef", shown(binding.path("roleRef")), "cannot change roleRef");
        }
    }

    /// With the names of the fields as upstream's messages have them.
    private static JsonNode shown(JsonNode ref) {
        return Documents.object()
                .put("APIGroup", ref.path("apiGroup").asText(""))
                .put("Kind", ref.path("kind").asText(""))
                .put("Name", ref.path("name").asText(""));
    }

    private void roleRef(JsonNode ref, Problems problems) {
        String group = ref.path("apiGroup").asText("");
        if (!group.equals(GROUP)) {
            problems.notSupported("roleRef.apiGroup", group, List.of(GROUP));
        }
        String kind = ref.path("kind").asText("");
        if (!roles.contains(kind)) {
            problems.notSupported("roleRef.kind", kind, roles);
        }
        String name = ref.path("name").asText("");
        if (name.isEmpty()) {
            problems.required("roleRef.name", "");
        } else {
            problems.invalid("roleRef.name", name, Names.pathSegment(name));
        }
    }

    private void subject(String path, JsonNode subject, Problems problems) {
        String name = subject.path("name").asText("");
        if (name.isEmpty()) {
            problems.required(path + ".name", "");
        }
        String group = subject.path("apiGroup").asText("");
        switch (subject.path("kind").asText("")) {
            case "ServiceAccount" -> {
                if (!name.isEmpty()) {
                    problems.invalid(path + ".name", name, Names.dns1123Subdomain(name));
                }
                if (!group.isEmpty()) {
                    problems.notSupported(path + ".apiGroup", group, List.of(""));
                }
                if (!namespaced && subject.path("namespace").asText("").isEmpty()) {
                    problems.required(path + ".namespace", "");
                }
            }
            case "User", "Group" -> {
                if (name.isEmpty()) {
                    String kind = subject.path("kind").asText().toLowerCase(Locale.ROOT);
                    problems.invalid(path + ".name", name, kind + " name cannot be empty");
                }
                if (!group.equals(GROUP)) {
                    problems.notSupported(path + ".apiGroup", group, List.of(GROUP));
                }
            }
            default ->
                problems.notSupported(path + ".kind", subject.path("kind").asText(""), SUBJECTS);
        }
    }
}
