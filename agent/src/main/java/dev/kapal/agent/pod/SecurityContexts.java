package dev.kapal.agent.pod;

import dev.kapal.agent.cri.v1.Capability;
import dev.kapal.agent.cri.v1.Int64Value;
import dev.kapal.agent.cri.v1.LinuxContainerSecurityContext;
import dev.kapal.agent.cri.v1.LinuxSandboxSecurityContext;
import dev.kapal.agent.cri.v1.NamespaceMode;
import dev.kapal.agent.cri.v1.NamespaceOption;
import dev.kapal.agent.cri.v1.SecurityProfile;
import dev.kapal.agent.cri.v1.SupplementalGroupsPolicy;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.SeccompProfile;
import io.fabric8.kubernetes.api.model.SecurityContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Who a pod's processes are and what they may. Pure. What a container says wins over what its pod says.
///
/// Source: Kubernetes documentation, "Configure a Security Context for a Pod or Container"; CRI v1.
final class SecurityContexts {
    /// Where `localhostProfile` is looked for on the node, as upstream does.
    private static final String SECCOMP_PROFILES = "/var/lib/kubelet/seccomp/";

    private static final List<String> MASKED = List.of(
            "/proc/asound",
            "/proc/acpi",
            "/proc/interrupts",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/proc/sched_debug",
            "/proc/scsi",
            "/sys/firmware",
            "/sys/devices/virtual/powercap");
    private static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    private SecurityContexts() {}

    /// `seccomp`: whether the kernel can filter system calls.
    static LinuxSandboxSecurityContext sandbox(Pod pod, boolean seccomp) {
        var out = LinuxSandboxSecurityContext.newBuilder()
                .setNamespaceOptions(namespaces(pod))
                .setPrivileged(Member.of(pod).stream()
                        .anyMatch(member -> isPrivileged(member.spec().getSecurityContext())));
        out.setSeccomp(
                profile(seccomp ? SecurityProfile.ProfileType.RuntimeDefault : SecurityProfile.ProfileType.Unconfined));
        var context = podContext(pod);
        if (context.getRunAsUser() != null) {
            out.setRunAsUser(int64(context.getRunAsUser()));
        }
        if (context.getRunAsGroup() != null) {
            // the runtime takes a group only together with a user
            if (context.getRunAsUser() != null) {
                out.setRunAsGroup(int64(context.getRunAsGroup()));
            }
        }
        return out.addAllSupplementalGroups(groups(context))
                .setSupplementalGroupsPolicy(groupsPolicy(context))
                .build();
    }

    static LinuxContainerSecurityContext container(Pod pod, Member member, Optional<String> targetId) {
        var podContext = podContext(pod);
        var own = Optional.ofNullable(member.spec().getSecurityContext());
        var out = LinuxContainerSecurityContext.newBuilder()
                .setNamespaceOptions(namespaces(pod).toBuilder().build())
                .setPrivileged(isPrivileged(member.spec().getSecurityContext()))
                .addAllSupplementalGroups(groups(podContext))
                .setSupplementalGroupsPolicy(groupsPolicy(podContext))
                .setCapabilities(capabilities(own));
        targetId.ifPresent(id ->
                out.getNamespaceOptionsBuilder().setPid(NamespaceMode.TARGET).setTargetId(id));
        runAsUser(pod, member).ifPresent(user -> out.setRunAsUser(int64(user)));
        own.map(SecurityContext::getRunAsGroup)
                .or(() -> Optional.ofNullable(podContext.getRunAsGroup()))
                .ifPresent(group -> out.setRunAsGroup(int64(group)));
        out.setReadonlyRootfs(
                own.map(SecurityContext::getReadOnlyRootFilesystem).orElse(false));
        out.setNoNewPrivs(own.map(SecurityContext::getAllowPrivilegeEscalation)
                .map(allowed -> !allowed)
                .orElse(false));
        boolean unmasked =
                own.map(SecurityContext::getProcMount).map("Unmasked"::equals).orElse(false);
        if (!unmasked && !out.getPrivileged()) {
            out.addAllMaskedPaths(MASKED).addAllReadonlyPaths(READ_ONLY);
        }
        out.setSeccomp(seccomp(own.map(SecurityContext::getSeccompProfile)
                .or(() -> Optional.ofNullable(podContext.getSeccompProfile()))));
        return out.build();
    }

    static Optional<Long> runAsUser(Pod pod, Member member) {
        return Optional.ofNullable(member.spec().getSecurityContext())
                .map(SecurityContext::getRunAsUser)
                .or(() -> Optional.ofNullable(podContext(pod).getRunAsUser()));
    }

    static boolean mustNotBeRoot(Pod pod, Member member) {
        return Optional.ofNullable(member.spec().getSecurityContext())
                .map(SecurityContext::getRunAsNonRoot)
                .or(() -> Optional.ofNullable(podContext(pod).getRunAsNonRoot()))
                .orElse(false);
    }

    static PodSecurityContext podContext(Pod pod) {
        var context = pod.getSpec().getSecurityContext();
        return context == null ? new PodSecurityContext() : context;
    }

    private static NamespaceOption namespaces(Pod pod) {
        var spec = pod.getSpec();
        var out = NamespaceOption.newBuilder()
                .setNetwork(Boolean.TRUE.equals(spec.getHostNetwork()) ? NamespaceMode.NODE : NamespaceMode.POD)
                .setIpc(Boolean.TRUE.equals(spec.getHostIPC()) ? NamespaceMode.NODE : NamespaceMode.POD)
                .setPid(NamespaceMode.CONTAINER);
        if (Boolean.TRUE.equals(spec.getHostPID())) {
            out.setPid(NamespaceMode.NODE);
        } else if (Boolean.TRUE.equals(spec.getShareProcessNamespace())) {
            out.setPid(NamespaceMode.POD);
        }
        return out.build();
    }

    private static boolean isPrivileged(SecurityContext context) {
        return context != null && Boolean.TRUE.equals(context.getPrivileged());
    }

    private static List<Long> groups(PodSecurityContext context) {
        var groups = new ArrayList<>(context.getSupplementalGroups());
        if (context.getFsGroup() != null) {
            groups.add(context.getFsGroup());
        }
        return groups;
    }

    /// Whether the groups that the image gives its user are left out.
    static boolean wantsNoGroupsOfTheImage(Pod pod) {
        return groupsPolicy(podContext(pod)) == SupplementalGroupsPolicy.Strict;
    }

    private static SupplementalGroupsPolicy groupsPolicy(PodSecurityContext context) {
        return "Strict".equals(context.getSupplementalGroupsPolicy())
                ? SupplementalGroupsPolicy.Strict
                : SupplementalGroupsPolicy.Merge;
    }

    private static Capability capabilities(Optional<SecurityContext> context) {
        var out = Capability.newBuilder();
        context.map(SecurityContext::getCapabilities).ifPresent(capabilities -> {
            out.addAllAddCapabilities(capabilities.getAdd());
            out.addAllDropCapabilities(capabilities.getDrop());
        });
        return out.build();
    }

    private static SecurityProfile seccomp(Optional<SeccompProfile> wanted) {
        var type = wanted.map(SeccompProfile::getType).orElse("Unconfined");
        return switch (type) {
            case "RuntimeDefault" -> profile(SecurityProfile.ProfileType.RuntimeDefault);
            case "Localhost" ->
                profile(SecurityProfile.ProfileType.Localhost).toBuilder()
                        .setLocalhostRef(SECCOMP_PROFILES + wanted.get().getLocalhostProfile())
                        .build();
            default -> profile(SecurityProfile.ProfileType.Unconfined);
        };
    }

    private static SecurityProfile profile(SecurityProfile.ProfileType type) {
        return SecurityProfile.newBuilder().setProfileType(type).build();
    }

    private static Int64Value int64(long value) {
        return Int64Value.newBuilder().setValue(value).build();
    }
}
