package dev.kapal.agent.pod;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// The API's times: RFC 3339 in UTC, whole seconds.
public final class Timestamps {
    private Timestamps() {}

    public static String text(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /// The zero of what is not set.
    static Instant parse(String text) {
        return text == null || text.isEmpty() ? Instant.EPOCH : Instant.parse(text);
    }
}
