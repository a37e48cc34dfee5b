package dev.kapal.agent.probe;

import io.fabric8.kubernetes.api.model.Container;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A running container to ask. Immutable.
///
/// `initial` is what was known of it before, so that a restart of the agent changes nothing for it.
public record Target(
        Container spec, String containerId, String podIp, Instant startedAt, String fieldPath, Verdict initial) {
    boolean isProbed() {
        return spec.getLivenessProbe() != null || spec.getReadinessProbe() != null || spec.getStartupProbe() != null;
    }

    /// What holds before the first probe has answered.
    public Verdict before() {
        boolean started = spec.getStartupProbe() == null || initial.started();
        boolean ready = spec.getReadinessProbe() == null || initial.ready();
        return new Verdict(started, ready, Optional.empty());
    }

    List<ProbeKind> kinds() {
        var kinds = new ArrayList<ProbeKind>();
        if (spec.getStartupProbe() != null) {
            kinds.add(ProbeKind.STARTUP);
        }
        if (spec.getLivenessProbe() != null) {
            kinds.add(ProbeKind.LIVENESS);
        }
        if (spec.getReadinessProbe() != null) {
            kinds.add(ProbeKind.READINESS);
        }
        return kinds;
    }
}
