package dev.kapal.apiserver.authz.rbac;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/// A RoleBinding or ClusterRoleBinding. Immutable.
///
/// @param namespace empty for a ClusterRoleBinding
record Binding(String namespace, String name, RoleRef role, List<Subject> subjects) {
    Binding {
        subjects = List.copyOf(subjects);
    }

    /// @param kind `Role` or `ClusterRole`
    record RoleRef(String kind, String name) {
        boolean isClusterRole() {
            return kind.equals("ClusterRole");
        }
    }

    /// @param kind `User`, `Group` or `ServiceAccount`
    /// @param namespace of a service account
    record Subject(String kind, String name, String namespace) {}

    static Binding of(String namespace, JsonNode document) {
        var ref = document.path("roleRef");
        var subjects = new ArrayList<Subject>();
        for (var subject : document.path("subjects")) {
            subjects.add(new Subject(
                    subject.path("kind").asText(),
                    subject.path("name").asText(),
                    subject.path("namespace").asText("")));
        }
        return new Binding(
                namespace,
                document.path("metadata").path("name").asText(),
                new RoleRef(ref.path("kind").asText(), ref.path("name").asText()),
                subjects);
    }

    boolean isClusterWide() {
        return namespace.isEmpty();
    }

    /// Where the role lies that is bound here, as the watch cache writes keys.
    String roleKey() {
        return (role.isClusterRole() ? "_" : namespace) + "/" + role.name();
    }

    /// Why a subject is allowed something by this binding; for audit and access reviews.
    String reason(Subject subject) {
        String where = isClusterWide() ? "ClusterRoleBinding \"" + name : "RoleBinding \"" + name + "/" + namespace;
        String who =
                subject.kind().equals("ServiceAccount") ? subject.name() + "/" + namespaceOf(subject) : subject.name();
        return "RBAC: allowed by " + where + "\" of " + role.kind() + " \"" + role.name() + "\" to " + subject.kind()
                + " \"" + who + "\"";
    }

    /// A service account without a namespace is that of the binding.
    String namespaceOf(Subject account) {
        return account.namespace().isEmpty() ? namespace : account.namespace();
    }

    /// What a missing role is called in refusals.
    String missing() {
        return (role.isClusterRole() ? "clusterrole" : "role") + ".rbac.authorization.k8s.io \"" + role.name()
                + "\" not found";
    }
}
