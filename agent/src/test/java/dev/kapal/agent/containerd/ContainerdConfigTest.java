package dev.kapal.agent.containerd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerdConfigTest {
    @TempDir
    Path directory;

    @Test
    void theFileNamesOurDirectoriesAndQuotesThem() {
        var config = new ContainerdConfig(
                Path.of("/data \"x\"/c"), Path.of("/run/k"), Path.of("/cni"), Path.of("/plugins"), "pause:1");

        var toml = config.toml(Snapshotter.NATIVE);

        assertThat(toml.lines())
                .contains(
                        "version = 2",
                        "root = \"/data \\\"x\\\"/c/root\"",
                        "state = \"/run/k/run\"",
                        "  address = \"/run/k/containerd.sock\"",
                        "  sandbox_image = \"pause:1\"",
                        "  restrict_oom_score_adj = true",
                        "    bin_dir = \"/plugins\"",
                        "    conf_dir = \"/cni\"",
                        "    snapshotter = \"native\"",
                        "        SystemdCgroup = false",
                        "    config_path = \"/data \\\"x\\\"/c/registries\"");
    }

    @Test
    void aStateDirectoryThatIsTooLongForASocketIsRefused() {
        var longPath = Path.of("/" + "x".repeat(100));

        assertThatThrownBy(() -> ContainerdConfig.under(directory, longPath, "pause:1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("too long for a unix socket");
    }

    @Test
    void whatIsMissingIsSaidInOneSentenceWithItsPackages() throws IOException {
        for (var program : List.of("containerd", "containerd-shim-runc-v2", "ctr", "mount", "setsid")) {
            Files.createFile(directory.resolve(program)).toFile().setExecutable(true);
        }

        var missing = new Binaries(List.of(directory), directory).missing();

        assertThat(missing)
                .contains("containers cannot run because runc, the CNI plugin bridge, the CNI plugin host-local, "
                        + "the CNI plugin loopback are missing: apt-get install runc containernetworking-plugins");
    }
}
