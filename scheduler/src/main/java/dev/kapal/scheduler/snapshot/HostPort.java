package dev.kapal.scheduler.snapshot;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A port of the node that a pod takes. Immutable.
public record HostPort(String ip, String protocol, int port) {
    private static final String ANY = "0.0.0.0";

    /// The host ports of everything that runs at the same time in the pod.
    static Set<HostPort> of(PodSpec spec) {
        var sidecars = spec.getInitContainers().stream().filter(c -> "Always".equals(c.getRestartPolicy()));
        return Stream.concat(spec.getContainers().stream(), sidecars)
                .map(Container::getPorts)
                .flatMap(ports -> ports.stream())
                .filter(port -> port.getHostPort() != null && port.getHostPort() > 0)
                .map(HostPort::of)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static HostPort of(ContainerPort port) {
        String ip = port.getHostIP() == null || port.getHostIP().isEmpty() ? ANY : port.getHostIP();
        return new HostPort(ip, port.getProtocol() == null ? "TCP" : port.getProtocol(), port.getHostPort());
    }

    /// Whether both cannot be taken at once: any address stands for each.
    public boolean conflictsWith(HostPort other) {
        return port == other.port
                && protocol.equals(other.protocol)
                && (ip.equals(ANY) || other.ip.equals(ANY) || ip.equals(other.ip));
    }
}
