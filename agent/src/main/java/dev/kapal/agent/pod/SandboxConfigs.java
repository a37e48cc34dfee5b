package dev.kapal.agent.pod;

import dev.kapal.agent.cri.v1.DNSConfig;
import dev.kapal.agent.cri.v1.LinuxPodSandboxConfig;
import dev.kapal.agent.cri.v1.LinuxSandboxSecurityContext;
import dev.kapal.agent.cri.v1.PodSandboxConfig;
import dev.kapal.agent.cri.v1.PodSandboxMetadata;
import dev.kapal.agent.cri.v1.PortMapping;
import dev.kapal.agent.cri.v1.Protocol;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/// What a pod's sandbox is made from. Immutable; any thread.
///
/// Source: CRI v1, PodSandboxConfig.
final class SandboxConfigs {
    private final PodDirs dirs;
    private final PodDns dns;
    private final String clusterDomain;
    private final boolean seccomp;
    private final UserNamespaces users;

    SandboxConfigs(PodDirs dirs, PodDns dns, String clusterDomain, boolean seccomp) {
        this.dirs = dirs;
        this.dns = dns;
        this.clusterDomain = clusterDomain;
        this.seccomp = seccomp;
        this.users = new UserNamespaces(dirs);
    }

    /// @throws UncheckedIOException when it cannot be kept which users are the pod's
    PodSandboxConfig of(Pod pod, int attempt) {
        var key = PodKey.of(pod);
        boolean hostNetwork = Boolean.TRUE.equals(pod.getSpec().getHostNetwork());
        var config = PodSandboxConfig.newBuilder()
                .setMetadata(PodSandboxMetadata.newBuilder()
                        .setName(key.name())
                        .setNamespace(key.namespace())
                        .setUid(key.uid())
                        .setAttempt(attempt))
                .setLogDirectory(dirs.logs(key).toString())
                // a pod in the host's network has the host's name, and the runtime refuses another
                .setHostname(hostNetwork ? "" : hostname(pod).kernel(pod))
                .putAllLabels(labels(pod))
                .putAllAnnotations(annotations(pod))
                .setLinux(linux(pod));
        var resolver = dns.of(pod);
        config.setDnsConfig(DNSConfig.newBuilder()
                .addAllServers(resolver.servers())
                .addAllSearches(resolver.searches())
                .addAllOptions(resolver.options()));
        if (!hostNetwork) {
            Member.of(pod).stream()
                    .flatMap(member -> member.spec().getPorts().stream())
                    .map(SandboxConfigs::mapping)
                    .forEach(config::addPortMappings);
        }
        return config.build();
    }

    Hostname hostname(Pod pod) {
        return Hostname.of(pod, clusterDomain);
    }

    private LinuxSandboxSecurityContext security(Pod pod) {
        try {
            return users.within(pod, SecurityContexts.sandbox(pod, seccomp));
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    private LinuxPodSandboxConfig linux(Pod pod) {
        var out = LinuxPodSandboxConfig.newBuilder()
                .setCgroupParent(Qos.of(pod).cgroupOf(pod.getMetadata().getUid()))
                .setSecurityContext(security(pod));
        for (var sysctl : SecurityContexts.podContext(pod).getSysctls()) {
            out.putSysctls(sysctl.getName().replace('/', '.'), sysctl.getValue());
        }
        return out.build();
    }

    private static Map<String, String> labels(Pod pod) {
        var labels = new TreeMap<String, String>();
        if (pod.getMetadata().getLabels() != null) {
            labels.putAll(pod.getMetadata().getLabels());
        }
        var key = PodKey.of(pod);
        labels.put(Labels.POD_NAME, key.name());
        labels.put(Labels.POD_NAMESPACE, key.namespace());
        labels.put(Labels.POD_UID, key.uid());
        return labels;
    }

    private static Map<String, String> annotations(Pod pod) {
        var annotations = new TreeMap<String, String>();
        if (pod.getMetadata().getAnnotations() != null) {
            annotations.putAll(pod.getMetadata().getAnnotations());
        }
        annotations.put("kubernetes.io/config.source", "api");
        return annotations;
    }

    private static PortMapping mapping(ContainerPort port) {
        var out = PortMapping.newBuilder()
                .setContainerPort(port.getContainerPort())
                .setProtocol(
                        switch (port.getProtocol() == null ? "TCP" : port.getProtocol()) {
                            case "UDP" -> Protocol.UDP;
                            case "SCTP" -> Protocol.SCTP;
                            default -> Protocol.TCP;
                        });
        if (port.getHostPort() != null) {
            out.setHostPort(port.getHostPort());
        }
        if (port.getHostIP() != null) {
            out.setHostIp(port.getHostIP());
        }
        return out.build();
    }
}
