package dev.kapal.agent.probe;

/// Where probes say what they found; an event of the pod in the end.
@FunctionalInterface
public interface ProbeEvents {
    /// `fieldPath` names the container in the pod.
    void warning(String fieldPath, String reason, String message);
}
