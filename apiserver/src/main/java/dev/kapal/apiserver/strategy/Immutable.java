package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// The `immutable` switch of ConfigMaps and Secrets: once on, it stays on and the content stays.
final class Immutable {
    private static final String DETAIL = "field is immutable when `immutable` is set";

    private Immutable() {}

    static void check(ObjectNode candidate, ObjectNode stored, Problems problems, String... fields) {
        if (!stored.path("immutable").asBoolean()) {
            return;
        }
        if (!candidate.path("immutable").asBoolean()) {
            problems.forbidden("immutable", DETAIL);
        }
        for (var field : fields) {
            if (!candidate.path(field).equals(stored.path(field))) {
                problems.forbidden(field, DETAIL);
            }
        }
    }
}
