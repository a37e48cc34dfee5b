package dev.kapal.apiserver.admission.podsecurity;

import java.util.Optional;
import java.util.regex.Pattern;

/// A level as of one minor version of Kubernetes.
///
/// @param minor [#LATEST] for the newest rules
record LevelVersion(Level level, int minor) {
    static final int LATEST = Integer.MAX_VALUE;
    /// The version whose rules are the newest known here.
    static final int CURRENT = 34;

    private static final Pattern VERSION = Pattern.compile("v1\\.(0|[1-9][0-9]{0,8})");

    static Optional<Integer> minorOf(String text) {
        if (text.equals("latest")) {
            return Optional.of(LATEST);
        }
        var match = VERSION.matcher(text);
        return match.matches() ? Optional.of(Integer.parseInt(match.group(1))) : Optional.empty();
    }

    String version() {
        return minor == LATEST ? "latest" : "v1." + minor;
    }

    /// How metrics name the version: those to come share one name.
    String versionForMetrics() {
        return minor != LATEST && minor > CURRENT ? "future" : version();
    }

    boolean isPrivileged() {
        return level == Level.PRIVILEGED;
    }

    @Override
    public String toString() {
        return level.text() + ":" + version();
    }
}
