package dev.kapal.apiserver.admission.podsecurity;

import java.util.Locale;
import java.util.Optional;

/// How strict a policy is, the strictest last.
enum Level {
    PRIVILEGED,
    BASELINE,
    RESTRICTED;

    /// As it stands in labels.
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Level> of(String text) {
        for (var level : values()) {
            if (level.text().equals(text)) {
                return Optional.of(level);
            }
        }
        return Optional.empty();
    }
}
