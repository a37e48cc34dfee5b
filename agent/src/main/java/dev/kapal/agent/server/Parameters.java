package dev.kapal.agent.server;

import dev.kapal.http.Request;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.OptionalLong;

/// Reads query parameters as upstream converts them. Immutable.
record Parameters(Request request) {
    /// A parameter without a value counts as set.
    boolean flag(String name) {
        return request.firstQuery(name)
                .filter(value -> !value.equals("false") && !value.equals("0"))
                .isPresent();
    }

    OptionalLong number(String name) {
        var text = request.firstQuery(name);
        if (text.isEmpty() || text.get().isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(text.get()));
        } catch (NumberFormatException malformed) {
            throw Refusal.badRequest("{\"message\": \"Unable to decode query.\"}");
        }
    }

    Optional<Instant> time(String name) {
        var text = request.firstQuery(name).filter(value -> !value.isEmpty());
        try {
            return text.map(value -> OffsetDateTime.parse(value).toInstant());
        } catch (DateTimeException malformed) {
            throw Refusal.badRequest("{\"message\": \"Unable to decode query.\"}");
        }
    }

    Optional<String> text(String name) {
        return request.firstQuery(name);
    }
}
