package dev.kapal.agent.pod;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The `/etc/hosts` that a pod's containers share.
///
/// Source: Kubernetes documentation, "Adding entries to Pod /etc/hosts with HostAliases".
final class HostsFile {
    private static final String HEADER = "# Kubernetes-managed hosts file.\n";
    private static final String HOST_HEADER = "# Kubernetes-managed hosts file (host network).\n";
    private static final String LOCAL = """
            127.0.0.1\tlocalhost
            ::1\tlocalhost ip6-localhost ip6-loopback
            fe00::0\tip6-localnet
            fe00::0\tip6-mcastprefix
            fe00::1\tip6-allnodes
            fe00::2\tip6-allrouters
            """;

    private HostsFile() {}

    /// Containers may change the file, so it is written anew only when what we would write has changed.
    static void write(Path file, Pod pod, Hostname hostname, List<String> addresses) throws IOException {
        var content = Boolean.TRUE.equals(pod.getSpec().getHostNetwork())
                ? ofHost(Files.readString(Path.of("/etc/hosts")), pod)
                : ofPod(pod, hostname, addresses);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    static String ofPod(Pod pod, Hostname hostname, List<String> addresses) {
        var out = new StringBuilder(HEADER).append(LOCAL);
        for (var address : addresses) {
            out.append(address).append('\t');
            hostname.fqdn().ifPresent(fqdn -> out.append(fqdn).append('\t'));
            out.append(hostname.name()).append('\n');
        }
        return out.append(aliases(pod)).toString();
    }

    static String ofHost(String hosts, Pod pod) {
        return HOST_HEADER + hosts + aliases(pod);
    }

    private static String aliases(Pod pod) {
        var aliases = pod.getSpec().getHostAliases();
        if (aliases.isEmpty()) {
            return "";
        }
        var out = new StringBuilder("\n# Entries added by HostAliases.\n");
        for (var alias : aliases) {
            out.append(alias.getIp())
                    .append('\t')
                    .append(String.join("\t", alias.getHostnames()))
                    .append('\n');
        }
        return out.toString();
    }
}
