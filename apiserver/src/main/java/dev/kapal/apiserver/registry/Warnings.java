package dev.kapal.apiserver.registry;

import dev.kapal.http.Headers;
import java.util.LinkedHashSet;
import java.util.Set;

/// What a client should know although its request succeeds; each goes out as a `Warning` header (RFC 7234, 5.5). Used
/// by
/// the thread of one request.
final class Warnings {
    /// Upstream's bound for all warnings of an answer.
    private static final int BOUND = 4 * 1024;

    private final Set<String> texts = new LinkedHashSet<>();
    private int size;

    void add(String text) {
        if (size + text.length() <= BOUND && texts.add(text)) {
            size += text.length();
        }
    }

    Headers writeTo(Headers headers) {
        if (texts.isEmpty()) {
            return headers;
        }
        var builder = headers.toBuilder();
        for (var text : texts) {
            builder.add("Warning", "299 - \"" + quotable(text) + '"');
        }
        return builder.build();
    }

    private static String quotable(String text) {
        var clean = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                clean.append('\\').append(c);
            } else if (c >= ' ' && c != 0x7f) {
                clean.append(c);
            }
        }
        return clean.toString();
    }
}
