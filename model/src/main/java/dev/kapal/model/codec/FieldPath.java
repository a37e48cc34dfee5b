package dev.kapal.model.codec;

import java.util.ArrayDeque;
import java.util.Deque;

/// Where a walk over a document stands: `spec.containers[0].name`. One walk, one thread.
final class FieldPath {
    private final StringBuilder text = new StringBuilder();
    private final Deque<Integer> lengths = new ArrayDeque<>();

    void field(String name) {
        lengths.push(text.length());
        if (!text.isEmpty()) {
            text.append('.');
        }
        text.append(name);
    }

    void index(int index) {
        lengths.push(text.length());
        text.append('[').append(index).append(']');
    }

    void up() {
        text.setLength(lengths.pop());
    }

    String unknown() {
        return "unknown field \"" + text + '"';
    }

    String duplicate() {
        return "duplicate field \"" + text + '"';
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
