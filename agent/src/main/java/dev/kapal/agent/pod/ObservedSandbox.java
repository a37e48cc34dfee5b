package dev.kapal.agent.pod;

import dev.kapal.agent.cri.v1.NamespaceMode;
import dev.kapal.agent.cri.v1.PodSandboxState;
import dev.kapal.agent.cri.v1.PodSandboxStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// A sandbox as the runtime shows it. Immutable.
record ObservedSandbox(
        String id, int attempt, boolean ready, Instant createdAt, List<String> addresses, boolean hostNetwork) {
    ObservedSandbox {
        addresses = List.copyOf(addresses);
    }

    /// Whether containers can be started in it.
    boolean isUsable() {
        return ready && (hostNetwork || !addresses.isEmpty());
    }

    static ObservedSandbox of(PodSandboxStatus status) {
        var addresses = new ArrayList<String>();
        if (!status.getNetwork().getIp().isEmpty()) {
            addresses.add(status.getNetwork().getIp());
        }
        status.getNetwork().getAdditionalIpsList().forEach(ip -> addresses.add(ip.getIp()));
        return new ObservedSandbox(
                status.getId(),
                status.getMetadata().getAttempt(),
                status.getState() == PodSandboxState.SANDBOX_READY,
                Instant.ofEpochSecond(0, status.getCreatedAt()),
                addresses,
                status.getLinux().getNamespaces().getOptions().getNetwork() == NamespaceMode.NODE);
    }
}
