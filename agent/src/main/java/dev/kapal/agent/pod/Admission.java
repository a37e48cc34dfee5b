package dev.kapal.agent.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// The node's own last word on a pod that was bound to it: resources, host ports, selectors, sysctls. Any thread.
///
/// A pod that was admitted once stays so; what it asks for is held until [#release].
///
/// Source: Kubernetes documentation, "Pod admission" of the node; reasons are upstream's.
final class Admission {
    private static final List<String> COUNTED = List.of("cpu", "memory", "ephemeral-storage");
    private static final Set<String> SAFE_SYSCTLS = Set.of(
            "kernel.shm_rmid_forced",
            "net.ipv4.ip_local_port_range",
            "net.ipv4.tcp_syncookies",
            "net.ipv4.ping_group_range",
            "net.ipv4.ip_unprivileged_port_start",
            "net.ipv4.ip_local_reserved_ports",
            "net.ipv4.tcp_keepalive_time",
            "net.ipv4.tcp_fin_timeout",
            "net.ipv4.tcp_keepalive_intvl",
            "net.ipv4.tcp_keepalive_probes",
            "net.ipv4.tcp_rmem",
            "net.ipv4.tcp_wmem");

    private final Supplier<Node> node;
    /// Guarded by this; by uid.
    private final Map<String, Pod> admitted = new HashMap<>();

    Admission(Supplier<Node> node) {
        this.node = node;
    }

    /// Takes a pod that runs here already.
    synchronized void adopt(Pod pod) {
        admitted.put(pod.getMetadata().getUid(), pod);
    }

    synchronized void release(PodKey pod) {
        admitted.remove(pod.uid());
    }

    /// Why the node refuses the pod; empty when it is admitted.
    synchronized Optional<Sight.Ending> admit(Pod pod) {
        var refusal = refusal(pod);
        if (refusal.isEmpty()) {
            adopt(pod);
        }
        return refusal;
    }

    private Optional<Sight.Ending> refusal(Pod pod) {
        var os = pod.getSpec().getOs();
        if (os != null && !"linux".equals(os.getName())) {
            return refused("PodOSNotSupported", "Failed to admit pod as the OS field doesn't match node OS");
        }
        if (SecurityContexts.wantsNoGroupsOfTheImage(pod) && !leavesOutGroupsOfImages()) {
            return refused(
                    "SupplementalGroupsPolicyNotSupported",
                    "SupplementalGroupsPolicy=Strict is not supported in this node");
        }
        for (var sysctl : SecurityContexts.podContext(pod).getSysctls()) {
            var name = sysctl.getName().replace('/', '.');
            if (!SAFE_SYSCTLS.contains(name)) {
                return refused("SysctlForbidden", "forbidden sysctl: \"" + sysctl.getName() + "\" not allowlisted");
            }
        }
        return selector(pod).or(() -> resources(pod)).or(() -> ports(pod));
    }

    private boolean leavesOutGroupsOfImages() {
        var features = node.get().getStatus().getFeatures();
        return features != null && Boolean.TRUE.equals(features.getSupplementalGroupsPolicy());
    }

    private Optional<Sight.Ending> selector(Pod pod) {
        var labels = node.get().getMetadata().getLabels();
        var wanted = pod.getSpec().getNodeSelector();
        boolean matches = wanted == null
                || wanted.entrySet().stream()
                        .allMatch(entry -> labels != null && entry.getValue().equals(labels.get(entry.getKey())));
        return matches
                ? Optional.empty()
                : refused(
                        "NodeAffinity",
                        "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector");
    }

    private Optional<Sight.Ending> resources(Pod pod) {
        var allocatable = node.get().getStatus().getAllocatable();
        var others = new ArrayList<>(admitted.values());
        others.removeIf(
                other -> other.getMetadata().getUid().equals(pod.getMetadata().getUid()));
        long most = Limits.amount(allocatable, "pods").longValue();
        if (others.size() + 1 > most) {
            return outOf("pods", BigDecimal.ONE, BigDecimal.valueOf(others.size()), BigDecimal.valueOf(most));
        }
        for (var name : COUNTED) {
            var asked = request(pod, name);
            var used = others.stream().map(other -> request(other, name)).reduce(BigDecimal.ZERO, BigDecimal::add);
            var capacity = Limits.amount(allocatable, name);
            if (asked.signum() > 0 && asked.add(used).compareTo(capacity) > 0) {
                boolean cpu = name.equals("cpu");
                return outOf(name, scaled(asked, cpu), scaled(used, cpu), scaled(capacity, cpu));
            }
        }
        return Optional.empty();
    }

    private static BigDecimal scaled(BigDecimal amount, boolean cpu) {
        return BigDecimal.valueOf(cpu ? amount.movePointRight(3).longValue() : amount.longValue());
    }

    private static Optional<Sight.Ending> outOf(String name, BigDecimal asked, BigDecimal used, BigDecimal capacity) {
        return refused(
                "OutOf" + name,
                "Node didn't have enough resource: " + name + ", requested: " + asked.toPlainString() + ", used: "
                        + used.toPlainString() + ", capacity: " + capacity.toPlainString());
    }

    private Optional<Sight.Ending> ports(Pod pod) {
        var taken = admitted.values().stream()
                .filter(other ->
                        !other.getMetadata().getUid().equals(pod.getMetadata().getUid()))
                .flatMap(other -> hostPorts(other).stream())
                .toList();
        boolean clash = hostPorts(pod).stream().anyMatch(port -> taken.stream().anyMatch(port::clashes));
        return clash
                ? refused(
                        "NodePorts",
                        "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports")
                : Optional.empty();
    }

    private record HostPort(String address, String protocol, int port) {
        boolean clashes(HostPort other) {
            boolean same = port == other.port && protocol.equals(other.protocol);
            return same && (address.equals(other.address) || isAny() || other.isAny());
        }

        private boolean isAny() {
            return address.isEmpty() || address.equals("0.0.0.0");
        }
    }

    private static List<HostPort> hostPorts(Pod pod) {
        return pod.getSpec().getContainers().stream()
                .flatMap(container -> container.getPorts().stream())
                .filter(port -> port.getHostPort() != null && port.getHostPort() > 0)
                .map(port -> new HostPort(
                        port.getHostIP() == null ? "" : port.getHostIP(),
                        port.getProtocol() == null ? "TCP" : port.getProtocol(),
                        port.getHostPort()))
                .toList();
    }

    /// What a pod holds: the sum of its containers and sidecars, or the largest init container if that is more.
    static BigDecimal request(Pod pod, String name) {
        var sum = pod.getSpec().getContainers().stream()
                .map(container -> request(container, name))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        var sidecars = BigDecimal.ZERO;
        var largest = BigDecimal.ZERO;
        for (var member : Member.inits(pod)) {
            var own = request(member.spec(), name);
            if (member.role() == Member.Role.SIDECAR) {
                sidecars = sidecars.add(own);
                largest = largest.max(sidecars);
            } else {
                largest = largest.max(sidecars.add(own));
            }
        }
        var overhead = pod.getSpec().getOverhead();
        var extra = overhead == null ? BigDecimal.ZERO : Limits.amount(overhead, name);
        return sum.add(sidecars).max(largest).add(extra);
    }

    private static BigDecimal request(Container container, String name) {
        Map<String, Quantity> requests = Limits.requests(container);
        return Limits.amount(requests, name);
    }

    private static Optional<Sight.Ending> refused(String reason, String message) {
        return Optional.of(new Sight.Ending(reason, message));
    }
}
