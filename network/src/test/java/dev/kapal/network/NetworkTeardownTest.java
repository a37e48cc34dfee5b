package dev.kapal.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.linux.Links;
import dev.kapal.linux.NetNs;
import dev.kapal.linux.Nft;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NetworkTeardownTest {
    @TempDir
    Path directory;

    @Test
    void leavesNothingBehindAndMayBeRepeated() throws Exception {
        var cni = Files.createDirectory(directory.resolve("cni"));
        var results = Files.createDirectory(directory.resolve("results"));
        try (var lab = Lab.open(cni)) {
            var pod = lab.pod("10.244.0.5");
            Files.writeString(
                    results.resolve("kapal-0123-eth0"),
                    "{\"result\":{\"interfaces\":[{\"name\":\"kapal0\"},{\"sandbox\":\"/var/run/netns/" + pod
                            + "\"}]}}");
            Files.writeString(
                    results.resolve("kapal-4567-eth0"),
                    "{\"result\":{\"interfaces\":[{\"name\":\"docker0\"},{\"sandbox\":\"/run/netns/not-ours\"}]}}");
            Files.createDirectories(cni.resolve("networks/kapal"));
            Files.writeString(cni.resolve("networks/kapal/10.244.0.5"), "0123");
            var links = new Links(lab.onNode());
            links.addAddress("lo", "10.96.0.10/32");
            new Nft(lab.onNode()).apply("add table ip kapal\n");
            var before = lab.onNode().require("ip", "route", "show", "table", "all");
            assertThat(before).contains("10.96.0.0/16 dev kapal0", "unreachable 10.244.0.0/16");

            var teardown = new NetworkTeardown(NetworkConfig.DEFAULT, lab.onNode(), NetNs.system(), results);
            for (int i = 0; i < 2; i++) {
                assertThat(teardown.removeAll(cni)).isEmpty();
            }

            assertThat(links.names()).containsExactlyInAnyOrder("lo", "up0");
            assertThat(NetNs.system().names()).doesNotContain(pod);
            assertThat(lab.onNode().require("ip", "route", "show", "table", "all"))
                    .doesNotContain("10.96.", "10.244.");
            assertThat(lab.onNode().require("nft", "list", "tables")).isEmpty();
            assertThat(results.toFile().list()).containsExactly("kapal-4567-eth0");
            assertThat(cni.resolve("networks")).doesNotExist();
        }
    }
}
