package dev.kapal.agent;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// How an agent is set up. Immutable.
///
/// `address` is where others reach the node, `port` its server's, `data` its directory, `logs` that of the containers'
/// logs
/// (`/var/log/pods`), `podCidr` the addresses of its pods as far as the node decides that itself.
public record AgentConfig(
        String nodeName,
        String address,
        int port,
        Path data,
        Path logs,
        Optional<String> podCidr,
        String clusterDomain,
        int maxPods,
        Map<String, String> labels) {
    public static final int PORT = 10250;
    public static final int MAX_PODS = 110;
    public static final Path LOGS = Path.of("/var/log/pods");

    public AgentConfig {
        if (nodeName.isEmpty() || address.isEmpty()) {
            throw new IllegalArgumentException("a node needs a name and an address");
        }
        labels = Map.copyOf(labels);
    }

    /// The defaults of a node with this name, address and directory.
    public static AgentConfig of(String nodeName, String address, Path data) {
        return new AgentConfig(
                nodeName, address, PORT, data, LOGS, Optional.empty(), "cluster.local", MAX_PODS, Map.of());
    }
}
