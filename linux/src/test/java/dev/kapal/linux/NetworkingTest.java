package dev.kapal.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.NetworkInterface;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Links, routes and tables inside a network namespace of the test's own.
class NetworkingTest {
    private final String namespace = "kapal-test-" + ProcessHandle.current().pid();
    private final NetNs spaces = NetNs.system();
    private final Commands inside = Commands.system().inside(namespace);
    private final Links links = new Links(inside);
    private final Nft nft = new Nft(inside);

    @BeforeEach
    void enter() throws Exception {
        RootOnly.orSkip();
        spaces.add(namespace);
    }

    @AfterEach
    void leave() throws Exception {
        spaces.delete(namespace);
        spaces.delete(namespace);
        assertThat(spaces.names()).doesNotContain(namespace);
    }

    @Test
    void everyChangeMayBeRepeated() throws Exception {
        for (int i = 0; i < 2; i++) {
            links.addBridge("kapal0");
            links.up("kapal0");
            links.addAddress("kapal0", "10.244.0.1/24");
            links.setRoute("unreachable", "10.96.0.0/16");
        }
        assertThat(links.names()).contains("kapal0");
        for (int i = 0; i < 2; i++) {
            links.deleteRoute("unreachable", "10.96.0.0/16");
            links.removeAddress("kapal0", "10.244.0.1/24");
            links.delete("kapal0");
        }
        assertThat(links.exists("kapal0")).isFalse();
    }

    @Test
    void aCallRunsInsideAndOnlyItsThreadDoes() throws Exception {
        links.addBridge("kapal-inside");
        links.addAddress("kapal-inside", "192.0.2.1/24");
        assertThat(NetNs.call(namespace, () -> NetworkInterface.getByName("kapal-inside")))
                .isNotNull();
        assertThat(links.mtu("kapal-inside")).isEqualTo(1500);
        assertThat(NetworkInterface.getByName("kapal-inside")).isNull();
        assertThatThrownBy(() -> NetNs.call("kapal-none", () -> 1))
                .hasMessage("network namespace kapal-none: No such file or directory");
    }

    @Test
    void aScriptHoldsAsAWholeOrNotAtAll() throws Exception {
        assertThat(nft.check("add table ip kapal\nadd rule ip kapal missing accept\n")
                        .ok())
                .isFalse();
        assertThat(nft.hasTable("ip", "kapal")).isFalse();
        nft.apply("add table ip kapal\nadd chain ip kapal one\n");
        assertThat(nft.list("ip", "kapal")).contains("chain one");
        nft.deleteTable("ip", "kapal");
        nft.deleteTable("ip", "kapal");
        assertThat(nft.hasTable("ip", "kapal")).isFalse();
    }
}
