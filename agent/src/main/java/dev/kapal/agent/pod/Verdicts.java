package dev.kapal.agent.pod;

import dev.kapal.agent.probe.Verdict;
import java.util.Map;

/// What the probes say of each running container, by its id. Immutable.
record Verdicts(Map<String, Verdict> byContainer) {
    static final Verdicts NONE = new Verdicts(Map.of());

    Verdicts {
        byContainer = Map.copyOf(byContainer);
    }

    /// A container that nobody probes is started and ready as soon as it runs.
    Verdict of(ObservedContainer container) {
        return byContainer.getOrDefault(container.id(), Verdict.UNPROBED);
    }
}
