package dev.kapal.network.proxy;

import dev.kapal.network.Cidr;
import dev.kapal.network.proxy.Rules.Set;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Locale;
import java.util.Objects;

/// Says what a pod's `hostPort`s add to the table. Pure; any thread.
final class HostPorts {
    private HostPorts() {}

    static Rules plan(Pod pod) {
        var status = pod.getStatus();
        boolean over = status == null
                || status.getPodIP() == null
                || !Cidr.isAddress(status.getPodIP())
                || "Succeeded".equals(status.getPhase())
                || "Failed".equals(status.getPhase());
        if (over || Boolean.TRUE.equals(pod.getSpec().getHostNetwork())) {
            return Rules.NONE;
        }
        var rules = new RulesBuilder();
        for (var container : pod.getSpec().getContainers()) {
            for (var port : container.getPorts()) {
                if (port.getHostPort() == null || port.getHostPort() == 0) {
                    continue;
                }
                String protocol =
                        Objects.requireNonNullElse(port.getProtocol(), "TCP").toLowerCase(Locale.ROOT);
                var key = protocol + " . " + port.getHostPort();
                var target = status.getPodIP() + " . " + port.getContainerPort();
                String hostIp = port.getHostIP();
                if (hostIp == null || hostIp.isEmpty() || hostIp.equals("0.0.0.0")) {
                    rules.element(Set.HOST_PORTS, key, target);
                } else if (Cidr.isAddress(hostIp)) {
                    rules.element(Set.BOUND_HOST_PORTS, hostIp + " . " + key, target);
                }
                rules.element(Set.HAIRPINS, status.getPodIP() + " . " + status.getPodIP(), "");
                if (protocol.equals("udp")) {
                    rules.flow("", port.getHostPort(), status.getPodIP());
                }
            }
        }
        return rules.build();
    }
}
