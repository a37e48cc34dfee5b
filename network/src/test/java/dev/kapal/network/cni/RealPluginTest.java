package dev.kapal.network.cni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.linux.Command;
import dev.kapal.linux.NetNs;
import dev.kapal.network.Lab;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The list as the real plugins understand it.
@Timeout(60)
class RealPluginTest {
    @TempDir
    Path directory;

    @Test
    void connectsAPodAndLetsGoOfIt() throws Exception {
        assumeTrue(Files.isExecutable(CniConfig.PLUGINS.resolve("bridge")), "left out: needs the CNI plugins");
        try (var lab = Lab.open(directory)) {
            var space = lab.node + "-pod";
            var spaces = NetNs.system();
            spaces.add(space);
            try {
                var gatewayBefore = lab.onNode().require("cat", "/sys/class/net/kapal0/address");
                var result = new ObjectMapper().readTree(plugin(lab, space, "ADD"));
                assertThat(result.at("/ips/0/address").asText()).isEqualTo("10.244.0.2/24");
                assertThat(result.at("/ips/0/gateway").asText()).isEqualTo("10.244.0.1");
                assertThat(lab.on(space).require("ip", "route")).contains("default via 10.244.0.1");
                assertThat(directory.resolve("networks/kapal/10.244.0.2")).exists();
                var port = result.at("/interfaces/1/name").asText();
                assertThat(lab.onNode().require("cat", "/sys/class/net/" + port + "/brport/hairpin_mode"))
                        .isEqualTo("1\n");
                assertThat(lab.onNode().require("cat", "/sys/class/net/kapal0/address"))
                        .isEqualTo(gatewayBefore)
                        .isEqualTo("0a:58:0a:f4:00:01\n");
                lab.serveTcp(space, 8080, "pod");
                assertThat(lab.ask(lab.node, "10.244.0.2", 8080)).isEqualTo("pod 10.244.0.1");

                plugin(lab, space, "DEL");
                assertThat(directory.resolve("networks/kapal/10.244.0.2")).doesNotExist();
                assertThat(lab.onNode().require("ip", "-o", "link")).doesNotContain(port);
            } finally {
                spaces.delete(space);
            }
        }
    }

    private String plugin(Lab lab, String space, String verb) throws Exception {
        var mapper = new ObjectMapper();
        var list = mapper.readTree(directory.resolve("net.d/10-kapal.conflist").toFile());
        var one = (ObjectNode) list.at("/plugins/0");
        one.set("cniVersion", list.get("cniVersion"));
        one.set("name", list.get("name"));
        return lab.onNode()
                .require(Command.of(List.of(
                                "env",
                                "CNI_COMMAND=" + verb,
                                "CNI_CONTAINERID=0123456789ab",
                                "CNI_NETNS=/run/netns/" + space,
                                "CNI_IFNAME=eth0",
                                "CNI_PATH=" + CniConfig.PLUGINS,
                                CniConfig.PLUGINS + "/bridge"))
                        .reading(one.toString()));
    }
}
