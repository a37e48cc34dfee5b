package dev.kapal.agent.probe;

import java.util.Locale;

/// What a probe is for.
public enum ProbeKind {
    /// Failing means: kill the container.
    LIVENESS("Liveness"),
    /// Failing means: no traffic.
    READINESS("Readiness"),
    /// Holds the other two back until it has succeeded once; failing means: kill the container.
    STARTUP("Startup");

    private final String word;

    ProbeKind(String word) {
        this.word = word;
    }

    /// As events say it.
    public String word() {
        return word;
    }

    public String lower() {
        return word.toLowerCase(Locale.ROOT);
    }
}
