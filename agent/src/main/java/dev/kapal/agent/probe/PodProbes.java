package dev.kapal.agent.probe;

import dev.kapal.base.life.Life;
import dev.kapal.base.time.Time;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// The probes of one pod: follows which of its containers run. Used by the pod's worker only; verdicts come from the
/// probes' own threads, which call `onChange` when something changed.
public final class PodProbes implements AutoCloseable {
    private final Checks checks;
    private final Time time;
    private final Life life;
    private final ProbeEvents events;
    private final Runnable onChange;
    private final Map<String, ContainerProbes> byContainer = new HashMap<>();

    public PodProbes(Checks checks, Time time, Life life, ProbeEvents events, Runnable onChange) {
        this.checks = checks;
        this.time = time;
        this.life = life;
        this.events = events;
        this.onChange = onChange;
    }

    /// Probes exactly these from now on.
    public void follow(Collection<Target> running) {
        var wanted = running.stream().collect(Collectors.toMap(Target::containerId, target -> target));
        byContainer.entrySet().removeIf(entry -> {
            boolean gone = !wanted.containsKey(entry.getKey());
            if (gone) {
                entry.getValue().close();
            }
            return gone;
        });
        wanted.forEach((id, target) -> {
            if (target.isProbed() && !byContainer.containsKey(id)) {
                var probes = new ContainerProbes(target, checks, time, events, onChange);
                byContainer.put(id, probes);
                probes.start(life);
            }
        });
    }

    /// By container id; a container without probes has none.
    public Map<String, Verdict> verdicts() {
        return byContainer.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().verdict()));
    }

    /// For a pod that is told to end.
    public void endLiveness() {
        byContainer.values().forEach(ContainerProbes::endLiveness);
    }

    @Override
    public void close() {
        byContainer.values().forEach(ContainerProbes::close);
        byContainer.clear();
    }
}
