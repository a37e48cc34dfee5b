package dev.kapal.agent.env;

import java.util.List;

/// The addresses that a pod may ask for: its own, empty before it has one, and its node's.
public record PodAddresses(List<String> hostIps, List<String> podIps) {
    public PodAddresses {
        hostIps = List.copyOf(hostIps);
        podIps = List.copyOf(podIps);
    }

    public String hostIp() {
        return hostIps.isEmpty() ? "" : hostIps.getFirst();
    }

    public String podIp() {
        return podIps.isEmpty() ? "" : podIps.getFirst();
    }
}
