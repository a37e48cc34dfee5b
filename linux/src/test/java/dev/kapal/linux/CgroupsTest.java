package dev.kapal.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CgroupsTest {
    private static Mount mount(String type, String target, String... options) {
        return new Mount(Path.of(target), type, type, false, List.of(options));
    }

    @Test
    void versionOneWithAnEmptyVersionTwoBesideIsVersionOne() throws IOException {
        var cgroups = Cgroups.of(List.of(
                mount("cgroup", "/sys/fs/cgroup/cpu,cpuacct", "rw", "cpu", "cpuacct"),
                mount("cgroup", "/sys/fs/cgroup/systemd", "rw", "name=systemd"),
                mount("cgroup2", "/sys/fs/cgroup/unified", "rw")));
        assertThat(cgroups.version()).isEqualTo(Cgroups.Version.V1);
        assertThat(cgroups.controllers()).containsExactlyInAnyOrder("cpu", "cpuacct", "name=systemd");
        assertThat(cgroups.directory("cpuacct", "/kapal/p")).hasToString("/sys/fs/cgroup/cpu,cpuacct/kapal/p");
    }

    @Test
    void versionTwoAloneIsVersionTwo() throws IOException {
        var cgroups = Cgroups.of(List.of(mount("cgroup2", "/sys/fs/cgroup", "rw")));
        assertThat(cgroups.version()).isEqualTo(Cgroups.Version.V2);
        assertThat(cgroups.directory("memory", "/kapal")).hasToString("/sys/fs/cgroup/kapal");
    }

    @Test
    void aMachineWithoutCgroupsIsRefused() {
        assertThatThrownBy(() -> Cgroups.of(List.of(mount("ext4", "/", "rw"))))
                .hasMessage("no cgroup file system is mounted");
    }

    @Test
    void sharesBecomeWeights() {
        assertThat(Cgroups.weight(2)).isEqualTo(1);
        assertThat(Cgroups.weight(1024)).isEqualTo(39);
        assertThat(Cgroups.weight(262_144)).isEqualTo(10_000);
    }

    @Test
    void makesLimitsAndRemovesATree() throws IOException {
        RootOnly.orSkip();
        var cgroups = Cgroups.detect();
        var group = "/kapal-test-" + ProcessHandle.current().pid();
        try {
            var limits = new Cgroups.Limits(
                    OptionalLong.of(512), OptionalLong.of(50_000), OptionalLong.of(64 << 20), OptionalLong.of(100));
            cgroups.ensure(group + "/inner", limits);
            cgroups.ensure(group + "/inner", limits);
            boolean first = cgroups.version() == Cgroups.Version.V1;
            var memory = cgroups.directory("memory", group + "/inner")
                    .resolve(first ? "memory.limit_in_bytes" : "memory.max");
            assertThat(memory).hasContent("" + (64 << 20));
            assertThat(cgroups.children(group)).containsExactly(group + "/inner");
            assertThat(cgroups.processes(group)).isEmpty();
        } finally {
            assertThat(cgroups.removeTree(group)).isTrue();
        }
        assertThat(Files.exists(cgroups.directory("memory", group))).isFalse();
        assertThat(cgroups.removeTree(group)).isTrue();
    }
}
