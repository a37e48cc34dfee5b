package dev.kapal.model.defaults;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// Bindings: roles, users and groups belong to the group of the roles, accounts to the core.
final class RbacDefaults {
    private static final String GROUP = "rbac.authorization.k8s.io";

    private RbacDefaults() {}

    static void roleRef(ObjectNode ref) {
        fill(ref);
    }

    static void subject(ObjectNode subject) {
        switch (subject.path("kind").asText("")) {
            case "User", "Group" -> fill(subject);
            default -> {}
        }
    }

    private static void fill(ObjectNode reference) {
        if (reference.path("apiGroup").asText("").isEmpty()) {
            reference.put("apiGroup", GROUP);
        }
    }
}
