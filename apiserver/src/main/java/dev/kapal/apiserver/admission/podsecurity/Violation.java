package dev.kapal.apiserver.admission.podsecurity;

import java.util.List;
import java.util.stream.Collectors;

/// What one check found wrong.
///
/// @param reason few words: `hostPort`
/// @param detail which containers or volumes and what they would have to do; empty when the reason says it all
record Violation(String reason, String detail) {

    private String text() {
        return detail.isEmpty() ? reason : reason + " (" + detail + ")";
    }

    static String details(List<Violation> violations) {
        return violations.stream().map(Violation::text).collect(Collectors.joining(", "));
    }

    static String reasons(List<Violation> violations) {
        return violations.stream().map(Violation::reason).collect(Collectors.joining(", "));
    }
}
