package dev.kapal.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Small pure facts about pods, one test each.
class SmallPodFactsTest {
    @TempDir
    Path directory;

    @Test
    void theClassOfServiceFollowsFromRequestsAndLimits() {
        assertThat(Qos.of(with(Map.of(), Map.of()))).isEqualTo(Qos.BEST_EFFORT);
        assertThat(Qos.of(with(Map.of("cpu", "100m"), Map.of()))).isEqualTo(Qos.BURSTABLE);
        var both = Map.of("cpu", "1", "memory", "64Mi");
        assertThat(Qos.of(with(both, both))).isEqualTo(Qos.GUARANTEED);
        assertThat(Qos.of(with(Map.of(), both))).isEqualTo(Qos.GUARANTEED);
        assertThat(Qos.of(with(Map.of("cpu", "500m"), both))).isEqualTo(Qos.BURSTABLE);
        assertThat(Qos.BURSTABLE.cgroupOf("u1")).isEqualTo("/kubepods/burstable/podu1");
        assertThat(Qos.GUARANTEED.cgroupOf("u1")).isEqualTo("/kubepods/podu1");
    }

    @Test
    void limitsBecomeWhatTheKernelTakes() {
        var pod = with(Map.of("cpu", "250m", "memory", "1Gi"), Map.of("cpu", "500m", "memory", "2Gi"));
        var limits = Limits.of(pod, pod.getSpec().getContainers().getFirst(), 4L << 30);
        assertThat(limits.getCpuShares()).isEqualTo(256);
        assertThat(limits.getCpuQuota()).isEqualTo(50_000);
        assertThat(limits.getCpuPeriod()).isEqualTo(100_000);
        assertThat(limits.getMemoryLimitInBytes()).isEqualTo(2L << 30);
        assertThat(limits.getOomScoreAdj()).isEqualTo(750);
        var none = with(Map.of(), Map.of());
        var bare = Limits.of(none, none.getSpec().getContainers().getFirst(), 4L << 30);
        assertThat(bare.getCpuShares()).isEqualTo(2);
        assertThat(bare.getCpuQuota()).isZero();
        assertThat(bare.getOomScoreAdj()).isEqualTo(1000);
    }

    @Test
    void aPodIsCalledAsItsSpecSays() {
        var plain = Pods.pod("web-1").build();
        assertThat(Hostname.of(plain, "cluster.local")).isEqualTo(new Hostname("web-1", Optional.empty()));
        var named = Pods.pod("web-1")
                .editSpec()
                .withHostname("a")
                .withSubdomain("db")
                .endSpec()
                .build();
        assertThat(Hostname.of(named, "cluster.local"))
                .isEqualTo(new Hostname("a", Optional.of("a.db.default.svc.cluster.local")));
        var tooLong = Pods.pod("x".repeat(62) + "-y").build();
        assertThat(Hostname.of(tooLong, "cluster.local").name()).isEqualTo("x".repeat(62));
    }

    @Test
    void theHostsFileNamesThePodAndItsAliases() {
        var pod = Pods.pod("web")
                .editSpec()
                .addNewHostAlias()
                .withIp("192.0.2.9")
                .withHostnames("foo.local", "bar.local")
                .endHostAlias()
                .endSpec()
                .build();
        assertThat(HostsFile.ofPod(pod, Hostname.of(pod, "cluster.local"), List.of("10.244.0.5")))
                .isEqualTo("""
                        # Kubernetes-managed hosts file.
                        127.0.0.1\tlocalhost
                        ::1\tlocalhost ip6-localhost ip6-loopback
                        fe00::0\tip6-localnet
                        fe00::0\tip6-mcastprefix
                        fe00::1\tip6-allnodes
                        fe00::2\tip6-allrouters
                        10.244.0.5\tweb

                        # Entries added by HostAliases.
                        192.0.2.9\tfoo.local\tbar.local
                        """);
    }

    @Test
    void durationsReadAsGoPrintsThem() {
        assertThat(List.of(10, 80, 300, 160).stream()
                        .map(seconds -> PodSync.goDuration(Duration.ofSeconds(seconds)))
                        .toList())
                .containsExactly("10s", "1m20s", "5m0s", "2m40s");
    }

    @Test
    void theLastWordsComeFromTheFileOrFromTheLogOfAFailure() throws Exception {
        var log = directory.resolve("0.log");
        Files.writeString(log, """
                2025-01-01T00:00:00.000000001Z stdout F hello
                2025-01-01T00:00:00.000000002Z stderr P wor
                2025-01-01T00:00:00.000000003Z stderr F ld
                """);
        var file = directory.resolve("message");
        assertThat(TerminationMessages.of(Optional.of(file), true, log, 1)).isEqualTo("hello\nworld\n");
        assertThat(TerminationMessages.of(Optional.of(file), true, log, 0)).isEmpty();
        assertThat(TerminationMessages.of(Optional.of(file), false, log, 1)).isEmpty();
        Files.writeString(file, "done");
        assertThat(TerminationMessages.of(Optional.of(file), true, log, 1)).isEqualTo("done");
    }

    @Test
    void whatAPodHoldsIsTheMostItEverNeeds() {
        var pod = with(Map.of("cpu", "300m"), Map.of())
                .edit()
                .editSpec()
                .addNewInitContainer()
                .withName("s")
                .withRestartPolicy("Always")
                .withNewResources()
                .addToRequests("cpu", new Quantity("100m"))
                .endResources()
                .endInitContainer()
                .addNewInitContainer()
                .withName("i")
                .withNewResources()
                .addToRequests("cpu", new Quantity("500m"))
                .endResources()
                .endInitContainer()
                .endSpec()
                .build();
        assertThat(Admission.request(pod, "cpu")).isEqualByComparingTo("0.6");
    }

    private static Pod with(Map<String, String> requests, Map<String, String> limits) {
        var pod = Pods.pod("web").build();
        var resources = new ResourceRequirementsBuilder();
        requests.forEach((name, amount) -> resources.addToRequests(name, new Quantity(amount)));
        limits.forEach((name, amount) -> resources.addToLimits(name, new Quantity(amount)));
        pod.getSpec().getContainers().getFirst().setResources(resources.build());
        return pod;
    }
}
