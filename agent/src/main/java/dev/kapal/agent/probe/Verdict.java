package dev.kapal.agent.probe;

import java.util.Optional;

/// What the probes of one running container have found. Immutable.
///
/// `failed` is the probe that has given the container up.
public record Verdict(boolean started, boolean ready, Optional<ProbeKind> failed) {
    public static final Verdict UNPROBED = new Verdict(true, true, Optional.empty());
}
