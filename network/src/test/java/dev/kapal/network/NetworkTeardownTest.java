package dev.kapal.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.linux.Links;
import dev.kapal.linux.NetNs;
import dev.kapal.linux.Nft;
import dev.kapal.network.cni.CniConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
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
            Files.writeString(results.resolve("kapal-0123-eth0"), result(cni, pod));
            var neighbour = lab.pod("10.244.0.6");
            Files.writeString(results.resolve("kapal-4567-eth0"), result(Path.of("/somebody/else/cni"), neighbour));
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
            assertThat(NetNs.system().names()).doesNotContain(pod).contains(neighbour);
            assertThat(lab.onNode().require("ip", "route", "show", "table", "all"))
                    .doesNotContain("10.96.", "10.244.");
            assertThat(lab.onNode().require("nft", "list", "tables")).isEmpty();
            assertThat(results.toFile().list()).containsExactly("kapal-4567-eth0");
            assertThat(cni.resolve("networks")).doesNotExist();
        }
    }

    /// As the runtime's library remembers a pod's network.
    private static String result(Path cniDirectory, String namespace) {
        var config = new CniConfig("kapal0", Cidr.parse("10.244.0.0/24"), 1500, CniConfig.addresses(cniDirectory));
        var encoded = Base64.getEncoder().encodeToString(config.json().getBytes(StandardCharsets.UTF_8));
        return "{\"kind\":\"cniCacheV1\",\"config\":\"" + encoded
                + "\",\"result\":{\"interfaces\":[{\"name\":\"kapal0\"}," + "{\"sandbox\":\"/var/run/netns/" + namespace
                + "\"}]}}";
    }
}
