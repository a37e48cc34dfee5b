package dev.kapal.apiserver.strategy;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// Takes fields over from one document into another.
public final class Copies {
    private Copies() {}

    /// Makes `field` in `to` what it is in `from`, its absence included.
    public static void field(String field, ObjectNode from, ObjectNode to) {
        var value = from.get(field);
        if (value == null) {
            to.remove(field);
        } else {
            to.set(field, value);
        }
    }
}
