package dev.kapal.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.agent.cri.v1.LinuxContainerSecurityContext;
import dev.kapal.agent.cri.v1.SecurityProfile;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.SeccompProfile;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What the runtime is told about the processes of a container, where no story looks.
class SecurityContextsTest {
    private static LinuxContainerSecurityContext told(PodSecurityContext ofPod, SecurityContext own) {
        var pod = Pods.pod("web")
                .editSpec()
                .withSecurityContext(ofPod)
                .editFirstContainer()
                .withSecurityContext(own)
                .endContainer()
                .endSpec()
                .build();
        return SecurityContexts.container(pod, Member.of(pod).getFirst(), Optional.empty());
    }

    private static SeccompProfile localhost(String file) {
        return new SeccompProfile(file, "Localhost");
    }

    @Test
    void aFilterOfTheNodesOwnIsNamedByItsFile() {
        var ofPod = new PodSecurityContextBuilder()
                .withSeccompProfile(localhost("profiles/pod.json"))
                .build();
        var inherited = told(ofPod, new SecurityContext()).getSeccomp();
        assertThat(inherited.getProfileType()).isEqualTo(SecurityProfile.ProfileType.Localhost);
        assertThat(inherited.getLocalhostRef()).isEqualTo("/var/lib/kubelet/seccomp/profiles/pod.json");
        var own = new SecurityContextBuilder()
                .withSeccompProfile(localhost("own.json"))
                .build();
        assertThat(told(ofPod, own).getSeccomp().getLocalhostRef()).isEqualTo("/var/lib/kubelet/seccomp/own.json");
        var usual = new SecurityContextBuilder()
                .withSeccompProfile(new SeccompProfile(null, "RuntimeDefault"))
                .build();
        assertThat(told(ofPod, usual).getSeccomp().getProfileType())
                .isEqualTo(SecurityProfile.ProfileType.RuntimeDefault);
    }

    @Test
    void procIsShownInFullOnlyWhereThatIsAskedFor() {
        var plain = told(new PodSecurityContext(), new SecurityContext());
        assertThat(plain.getMaskedPathsList()).contains("/proc/kcore", "/sys/firmware");
        assertThat(plain.getReadonlyPathsList()).contains("/proc/sys");
        var open = new SecurityContextBuilder().withProcMount("Unmasked").build();
        assertThat(told(new PodSecurityContext(), open).getMaskedPathsList()).isEmpty();
        assertThat(told(new PodSecurityContext(), open).getReadonlyPathsList()).isEmpty();
    }
}
