package dev.kapal.agent.pod;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;

/// What a pod is called inside. Immutable.
///
/// Source: Kubernetes documentation, "Pod's hostname and subdomain fields".
record Hostname(String name, Optional<String> fqdn) {
    private static final int LONGEST = 63;

    static Hostname of(Pod pod, String clusterDomain) {
        var spec = pod.getSpec();
        var given = spec.getHostname();
        var name = truncated(
                given != null && !given.isEmpty() ? given : pod.getMetadata().getName());
        var subdomain = spec.getSubdomain();
        if (subdomain == null || subdomain.isEmpty()) {
            return new Hostname(name, Optional.empty());
        }
        var namespace = pod.getMetadata().getNamespace();
        return new Hostname(name, Optional.of(name + "." + subdomain + "." + namespace + ".svc." + clusterDomain));
    }

    /// The kernel's host name, which is the full one when the spec asks for it.
    String kernel(Pod pod) {
        return Boolean.TRUE.equals(pod.getSpec().getSetHostnameAsFQDN()) ? fqdn.orElse(name) : name;
    }

    private static String truncated(String name) {
        var cut = name.substring(0, Math.min(name.length(), LONGEST));
        while (cut.endsWith("-") || cut.endsWith(".")) {
            cut = cut.substring(0, cut.length() - 1);
        }
        return cut;
    }
}
