package dev.kapal.apiserver.admission.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The baseline level: no known way to more rights than a container usually has. Each method looks at one thing; a
/// version in its arguments chooses between what was allowed when.
final class BaselineChecks {
    private static final String SECCOMP_POD = "seccomp.security.alpha.kubernetes.io/pod";
    private static final String SECCOMP_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/";
    private static final String APPARMOR_CONTAINER = "container.apparmor.security.beta.kubernetes.io/";

    private static final Set<String> CAPABILITIES = Set.of(
            "AUDIT_WRITE",
            "CHOWN",
            "DAC_OVERRIDE",
            "FOWNER",
            "FSETID",
            "KILL",
            "MKNOD",
            "NET_BIND_SERVICE",
            "SETFCAP",
            "SETGID",
            "SETPCAP",
            "SETUID",
            "SYS_CHROOT");
    private static final Set<String> SELINUX_TYPES = Set.of("", "container_t", "container_init_t", "container_kvm_t");
    private static final Set<String> SYSCTLS = Set.of(
            "kernel.shm_rmid_forced",
            "net.ipv4.ip_local_port_range",
            "net.ipv4.tcp_syncookies",
            "net.ipv4.ping_group_range",
            "net.ipv4.ip_unprivileged_port_start");
    private static final Set<String> SYSCTLS_29 = Set.of(
            "net.ipv4.tcp_keepalive_time",
            "net.ipv4.tcp_fin_timeout",
            "net.ipv4.tcp_keepalive_intvl",
            "net.ipv4.tcp_keepalive_probes");
    private static final Set<String> SYSCTLS_32 = Set.of("net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem");

    private BaselineChecks() {}

    private static JsonNode security(JsonNode container) {
        return container.path("securityContext");
    }

    private static Optional<Violation> violation(String reason, String detail) {
        return Optional.of(new Violation(reason, detail));
    }

    static Optional<Violation> appArmor(PodView pod) {
        var types = new TreeSet<String>();
        Predicate<JsonNode> wrong = context -> {
            var type = context.path("appArmorProfile").path("type").asText("");
            return !type.isEmpty() && !isConfined(type) && (types.add(type) || true);
        };
        boolean wrongPod = wrong.test(pod.security());
        var containers = pod.containers(container -> wrong.test(security(container)));
        var annotations = new TreeSet<String>();
        for (var annotation : pod.annotations().properties()) {
            var profile = annotation.getValue().asText("");
            if (annotation.getKey().startsWith(APPARMOR_CONTAINER)
                    && !profile.isEmpty()
                    && !profile.equals("runtime/default")
                    && !profile.startsWith("localhost/")) {
                annotations.add(annotation.getKey() + "=\"" + profile + '"');
            }
        }
        var details = new ArrayList<String>();
        if (wrongPod || !containers.isEmpty()) {
            details.add(PodView.setters(wrongPod, containers) + " must not set AppArmor profile type to "
                    + Words.quoted(types));
        }
        if (!annotations.isEmpty()) {
            details.add(String.join(", ", annotations));
        }
        int count = types.size() + annotations.size();
        return details.isEmpty()
                ? Optional.empty()
                : violation("forbidden AppArmor profile" + (count == 1 ? "" : "s"), String.join("; ", details));
    }

    /// As in seccomp's and AppArmor's fields.
    private static boolean isConfined(String type) {
        return type.equals("RuntimeDefault") || type.equals("Localhost");
    }

    static Optional<Violation> capabilities(PodView pod) {
        return capabilities(pod, CAPABILITIES).flatMap(detail -> violation("non-default capabilities", detail));
    }

    /// What is wrong with what the containers add beyond `allowed`.
    static Optional<String> capabilities(PodView pod, Set<String> allowed) {
        var forbidden = new TreeSet<String>();
        var containers = pod.containers(container -> {
            boolean wrong = false;
            for (var added : security(container).path("capabilities").path("add")) {
                if (!allowed.contains(added.asText())) {
                    forbidden.add(added.asText());
                    wrong = true;
                }
            }
            return wrong;
        });
        return containers.isEmpty()
                ? Optional.empty()
                : Optional.of(Words.containers(containers) + " must not include " + Words.quoted(forbidden)
                        + " in securityContext.capabilities.add");
    }

    static Optional<Violation> hostNamespaces(PodView pod) {
        var shared = Stream.of("hostNetwork", "hostPID", "hostIPC")
                .filter(field -> pod.spec().path(field).asBoolean())
                .map(field -> field + "=true")
                .toList();
        return shared.isEmpty() ? Optional.empty() : violation("host namespaces", String.join(", ", shared));
    }

    static Optional<Violation> hostPathVolumes(PodView pod) {
        var volumes = new ArrayList<String>();
        for (var volume : pod.spec().path("volumes")) {
            if (volume.has("hostPath")) {
                volumes.add(volume.path("name").asText());
            }
        }
        return volumes.isEmpty()
                ? Optional.empty()
                : violation("hostPath volumes", Words.number("volume", volumes) + " " + Words.quoted(volumes));
    }

    static Optional<Violation> hostPorts(PodView pod) {
        var ports = new TreeSet<String>();
        var containers = pod.containers(container -> {
            boolean wrong = false;
            for (var port : container.path("ports")) {
                if (port.path("hostPort").asInt() != 0) {
                    ports.add(port.path("hostPort").asText());
                    wrong = true;
                }
            }
            return wrong;
        });
        return containers.isEmpty()
                ? Optional.empty()
                : violation(
                        "hostPort",
                        Words.containers(containers) + uses(containers) + Words.number("hostPort", ports) + " "
                                + String.join(", ", ports));
    }

    private static String uses(List<String> subjects) {
        return subjects.size() == 1 ? " uses " : " use ";
    }

    static Optional<Violation> hostProbes(PodView pod) {
        var hosts = new TreeSet<String>();
        var containers = pod.containers(container -> {
            var found = new ArrayList<String>();
            for (var probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
                hosts(container.path(probe), found);
            }
            hosts(container.path("lifecycle").path("postStart"), found);
            hosts(container.path("lifecycle").path("preStop"), found);
            hosts.addAll(found);
            return !found.isEmpty();
        });
        if (containers.isEmpty()) {
            return Optional.empty();
        }
        var names = List.copyOf(new TreeSet<>(containers));
        return violation(
                "probe or lifecycle host",
                Words.containers(names) + uses(names) + Words.number("probe or lifecycle host", hosts) + " "
                        + Words.quoted(hosts));
    }

    private static void hosts(JsonNode handler, List<String> into) {
        for (var action : List.of("httpGet", "tcpSocket")) {
            var host = handler.path(action).path("host").asText("");
            if (!host.isEmpty()) {
                into.add(host);
            }
        }
    }

    static Optional<Violation> privileged(PodView pod) {
        var containers = pod.containers(
                container -> security(container).path("privileged").asBoolean());
        return containers.isEmpty()
                ? Optional.empty()
                : violation(
                        "privileged", Words.containers(containers) + " must not set securityContext.privileged=true");
    }

    static Optional<Violation> procMount(PodView pod) {
        var types = new TreeSet<String>();
        var containers = pod.containers(container -> {
            var type = security(container).path("procMount").asText("Default");
            return !type.equals("Default") && (types.add(type) || true);
        });
        return containers.isEmpty()
                ? Optional.empty()
                : violation(
                        "procMount",
                        Words.containers(containers) + " must not set securityContext.procMount to "
                                + Words.quoted(types));
    }

    static Optional<Violation> seLinux(PodView pod, boolean engineAllowed) {
        var types = new TreeSet<String>();
        var fields = new TreeSet<String>();
        Predicate<JsonNode> wrong = context -> {
            var options = context.path("seLinuxOptions");
            var type = options.path("type").asText("");
            boolean bad = !SELINUX_TYPES.contains(type) && !(engineAllowed && type.equals("container_engine_t"));
            if (bad) {
                types.add(type);
            }
            for (var field : List.of("user", "role")) {
                if (!options.path(field).asText("").isEmpty()) {
                    fields.add(field);
                    bad = true;
                }
            }
            return bad;
        };
        boolean wrongPod = wrong.test(pod.security());
        var containers = pod.containers(container -> wrong.test(security(container)));
        if (!wrongPod && containers.isEmpty()) {
            return Optional.empty();
        }
        var details = new ArrayList<String>();
        if (!types.isEmpty()) {
            details.add(Words.number("type", types) + " " + Words.quoted(types));
        }
        for (var field : List.of("user", "role")) {
            if (fields.contains(field)) {
                details.add(field + " may not be set");
            }
        }
        return violation(
                "seLinuxOptions",
                PodView.setters(wrongPod, containers) + " set forbidden securityContext.seLinuxOptions: "
                        + String.join("; ", details));
    }

    static Optional<Violation> seccompAnnotations(PodView pod) {
        var forbidden = new TreeSet<String>();
        var keys = new ArrayList<String>();
        keys.add(SECCOMP_POD);
        pod.containers()
                .forEach(c -> keys.add(SECCOMP_CONTAINER + c.path("name").asText()));
        for (var key : keys) {
            var value = pod.annotations().path(key);
            if (!value.isMissingNode() && !isAllowedSeccomp(value.asText())) {
                forbidden.add(key + "=\"" + value.asText() + '"');
            }
        }
        return forbidden.isEmpty()
                ? Optional.empty()
                : violation(
                        "seccompProfile",
                        "forbidden " + Words.number("annotation", forbidden) + " " + String.join(", ", forbidden));
    }

    private static boolean isAllowedSeccomp(String profile) {
        return profile.equals("runtime/default")
                || profile.equals("docker/default")
                || profile.startsWith("localhost/");
    }

    static Optional<Violation> seccomp(PodView pod) {
        return seccompSet(pod).flatMap(detail -> violation("seccompProfile", detail));
    }

    /// Who sets a seccomp profile that confines nothing.
    static Optional<String> seccompSet(PodView pod) {
        var types = new TreeSet<String>();
        Predicate<JsonNode> wrong = context -> {
            var profile = context.path("seccompProfile");
            var type = profile.path("type").asText("");
            return profile.isObject() && !isConfined(type) && (types.add(type) || true);
        };
        boolean wrongPod = wrong.test(pod.security());
        var containers = pod.containers(container -> wrong.test(security(container)));
        return wrongPod || !containers.isEmpty()
                ? Optional.of(PodView.setters(wrongPod, containers)
                        + " must not set securityContext.seccompProfile.type to " + Words.quoted(types))
                : Optional.empty();
    }

    static Optional<Violation> sysctls(PodView pod, int version) {
        var forbidden = new ArrayList<String>();
        for (var sysctl : pod.security().path("sysctls")) {
            var name = sysctl.path("name").asText();
            if (!isSafe(name, version)) {
                forbidden.add(name);
            }
        }
        return forbidden.isEmpty() ? Optional.empty() : violation("forbidden sysctls", String.join(", ", forbidden));
    }

    private static boolean isSafe(String sysctl, int version) {
        return SYSCTLS.contains(sysctl)
                || version >= 27 && sysctl.equals("net.ipv4.ip_local_reserved_ports")
                || version >= 29 && SYSCTLS_29.contains(sysctl)
                || version >= 32 && SYSCTLS_32.contains(sysctl);
    }

    static Optional<Violation> hostProcess(PodView pod) {
        Predicate<JsonNode> wrong =
                context -> context.path("windowsOptions").path("hostProcess").asBoolean();
        boolean wrongPod = wrong.test(pod.security());
        var containers = pod.containers(container -> wrong.test(security(container)));
        return wrongPod || !containers.isEmpty()
                ? violation(
                        "hostProcess",
                        PodView.setters(wrongPod, containers)
                                + " must not set securityContext.windowsOptions.hostProcess=true")
                : Optional.empty();
    }
}
