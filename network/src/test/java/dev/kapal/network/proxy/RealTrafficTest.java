package dev.kapal.network.proxy;

import static dev.kapal.network.proxy.Objects.at;
import static dev.kapal.network.proxy.Objects.nodePort;
import static dev.kapal.network.proxy.Objects.service;
import static dev.kapal.network.proxy.Objects.tcp;
import static dev.kapal.network.proxy.Objects.udp;
import static dev.kapal.network.proxy.Objects.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kapal.base.life.Life;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.linux.Command;
import dev.kapal.linux.Links;
import dev.kapal.linux.Nft;
import dev.kapal.network.Lab;
import dev.kapal.network.NetworkConfig;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.io.IOException;
import java.net.ConnectException;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What packets really do, in a [Lab].
@Timeout(60)
class RealTrafficTest {
    private static final NetworkConfig CONFIG = NetworkConfig.DEFAULT;
    private static final String WEB = "10.96.0.20";

    @TempDir
    Path directory;

    private Lab lab;
    private ProxyTable table;
    private String one;
    private String two;
    private String client;

    @BeforeEach
    void build() throws Exception {
        lab = Lab.open(directory);
        one = lab.pod("10.244.0.5");
        two = lab.pod("10.244.0.6");
        client = lab.pod("10.244.0.7");
        lab.serveTcp(one, 8080, "one");
        lab.serveTcp(two, 8080, "two");
        start(new Skeleton(CONFIG, true));
    }

    private void start(Skeleton skeleton) throws Exception {
        KernelFeatures.require(skeleton, new Nft(lab.onNode()));
        table = new ProxyTable(
                skeleton,
                new Nft(lab.onNode()),
                new Conntrack(lab.onNode()),
                Time.system(),
                new ProxyMetrics(new Metrics()));
        table.change(Map.of());
    }

    @AfterEach
    void clear() throws Exception {
        if (lab != null) {
            lab.close();
        }
    }

    private void program(Service service, EndpointSlice... slices) throws InterruptedException {
        var name = service.getMetadata().getNamespace() + "/"
                + service.getMetadata().getName();
        var rules = new ServicePlanner(CONFIG, "me").plan(service, List.of(slices));
        assertThat(table.change(Map.of(new Owner(Owner.SERVICE, name), rules))).isTrue();
    }

    private Set<String> answers(String from, String host, int port, int times) throws Exception {
        var seen = new TreeSet<String>();
        for (int i = 0; i < times; i++) {
            seen.add(lab.ask(from, host, port));
        }
        return seen;
    }

    @Test
    void aPodReachesEveryEndpointAndKeepsItsAddress() throws Exception {
        program(service("web", WEB).build(), tcp(at("10.244.0.5"), at("10.244.0.6")));
        assertThat(answers(client, WEB, 80, 30)).containsExactly("one 10.244.0.7", "two 10.244.0.7");
    }

    @Test
    void withoutBridgeFilteringPodsStillReachEachOther() throws Exception {
        lab.onNode().require("sh", "-c", "echo 0 > /proc/sys/net/bridge/bridge-nf-call-iptables");
        start(new Skeleton(CONFIG, false));
        program(service("web", WEB).build(), tcp(at("10.244.0.5")));
        assertThat(lab.ask(client, WEB, 80)).isEqualTo("one 10.244.0.1");
        assertThat(lab.ask(client, "10.244.0.5", 8080)).isEqualTo("one 10.244.0.7");
    }

    @Test
    void theNodeItselfReachesAService() throws Exception {
        program(service("web", WEB).build(), tcp(at("10.244.0.5")));
        assertThat(lab.ask(lab.node, WEB, 80)).isEqualTo("one 10.244.0.1");
    }

    @Test
    void aPodReachesItselfThroughItsService() throws Exception {
        program(service("web", WEB).build(), tcp(at("10.244.0.5")));
        assertThat(lab.ask(one, WEB, 80)).isEqualTo("one 10.244.0.1");
    }

    @Test
    void aNodePortAnswersOnEveryAddressOfTheNode() throws Exception {
        program(nodePort(service("web", WEB).build(), 30080), tcp(at("10.244.0.5")));
        assertThat(lab.ask(lab.outside, "192.0.2.2", 30080)).isEqualTo("one 10.244.0.1");
        assertThat(lab.ask(lab.node, "192.0.2.2", 30080)).startsWith("one ");
        assertThat(lab.ask(lab.node, "127.0.0.1", 30080)).startsWith("one ");
        assertThat(lab.ask(client, "192.0.2.2", 30080)).startsWith("one ");
        assertThat(lab.ask(one, "192.0.2.2", 30080)).startsWith("one ");
    }

    @Test
    void theExternalPolicyLocalKeepsTheClientsAddress() throws Exception {
        var web = with(
                nodePort(service("web", WEB).build(), 30080),
                builder -> builder.editSpec().withExternalTrafficPolicy("Local").endSpec());
        program(web, tcp(at("10.244.0.5"), Objects.elsewhere("10.244.1.5")));
        assertThat(answers(lab.outside, "192.0.2.2", 30080, 10)).containsExactly("one 192.0.2.1");
        program(web, tcp(Objects.elsewhere("10.244.0.5")));
        assertThatThrownBy(() -> lab.ask(lab.outside, "192.0.2.2", 30080)).isInstanceOf(SocketTimeoutException.class);
        assertThat(lab.ask(client, "192.0.2.2", 30080)).isEqualTo("one 10.244.0.7");
        assertThat(lab.ask(lab.node, "192.0.2.2", 30080)).startsWith("one ");
    }

    @Test
    void anExternalAddressIsServedOnItsWayThrough() throws Exception {
        var web = with(
                service("web", WEB).build(),
                builder -> builder.editSpec().withExternalIPs("198.51.100.7").endSpec());
        program(web, tcp(at("10.244.0.5")));
        assertThat(lab.ask(client, "198.51.100.7", 80)).startsWith("one ");
        assertThat(lab.ask(lab.node, "198.51.100.7", 80)).startsWith("one ");
    }

    @Test
    void aServiceWithoutEndpointsRefusesAtOnce() throws Exception {
        program(nodePort(service("web", WEB).build(), 30080), tcp(Objects.unready("10.244.0.5")));
        program(service("dns", "10.96.0.53", "UDP", 53).build());
        for (var from : List.of(client, lab.node)) {
            assertThatThrownBy(() -> lab.ask(from, WEB, 80)).isInstanceOf(ConnectException.class);
        }
        assertThatThrownBy(() -> lab.udp(client, "10.96.0.53", 53).ask()).isInstanceOf(PortUnreachableException.class);
        // The kernel already refuses the node to send.
        assertThatThrownBy(() -> lab.udp(lab.node, "10.96.0.53", 53).ask())
                .hasMessageContaining("Operation not permitted");
        assertThatThrownBy(() -> lab.ask(lab.outside, "192.0.2.2", 30080)).isInstanceOf(ConnectException.class);
    }

    @Test
    void aPortThatTheServiceDoesNotHaveIsRefusedToo() throws Exception {
        program(service("web", WEB).build(), tcp(at("10.244.0.5")));
        assertThatThrownBy(() -> lab.ask(client, WEB, 81)).isInstanceOf(ConnectException.class);
        assertThatThrownBy(() -> lab.ask(lab.node, WEB, 81)).isInstanceOf(ConnectException.class);
    }

    @Test
    void affinitySticksUntilTheEndpointGoes() throws Exception {
        var web = with(
                nodePort(service("web", WEB).build(), 30080),
                builder -> builder.editSpec().withSessionAffinity("ClientIP").endSpec());
        program(web, tcp(at("10.244.0.5"), at("10.244.0.6")));
        var first = answers(client, WEB, 80, 10);
        assertThat(first).hasSize(1);
        assertThat(answers(client, "192.0.2.2", 30080, 5)).hasSize(1);
        var third = lab.pod("10.244.0.8");
        lab.serveTcp(third, 8080, "three");
        program(web, tcp(at("10.244.0.5"), at("10.244.0.6"), at("10.244.0.8")));
        assertThat(answers(client, WEB, 80, 10)).isEqualTo(first);
        program(web, tcp(at("10.244.0.8")));
        assertThat(answers(client, WEB, 80, 5)).containsExactly("three 10.244.0.7");
    }

    @Test
    void connectionsOutliveTheirEndpointInTheService() throws Exception {
        var web = service("web", WEB).build();
        program(web, tcp(at("10.244.0.5")));
        try (var open = lab.connect(client, WEB, 80)) {
            assertThat(open.ask()).isEqualTo("one 10.244.0.7");
            program(web, tcp(at("10.244.0.6")));
            assertThat(open.ask()).isEqualTo("one 10.244.0.7");
        }
        assertThat(lab.ask(client, WEB, 80)).isEqualTo("two 10.244.0.7");
    }

    @Test
    void udpTurnsToTheNewEndpointEvenFromTheSamePort() throws Exception {
        lab.serveUdp(one, 8080, "one");
        lab.serveUdp(two, 8080, "two");
        var dns = service("dns", "10.96.0.53", "UDP", 53).build();
        program(dns, udp(at("10.244.0.5")));
        var socket = lab.udp(client, "10.96.0.53", 53);
        assertThat(socket.ask()).isEqualTo("one 10.244.0.7");
        program(dns, udp(at("10.244.0.6")));
        assertThat(socket.ask()).isEqualTo("two 10.244.0.7");
    }

    @Test
    void theNodesDnsAddressIsLeftToTheNode() throws Exception {
        program(service("kube-dns", "10.96.0.10", "UDP", 53).build());
        new Links(lab.onNode()).addAddress("lo", "10.96.0.10/32");
        lab.serveUdp(lab.node, "10.96.0.10", 53, "dns");
        lab.serveTcp(lab.node, 53, "dns");
        for (var from : List.of(client, lab.node)) {
            assertThat(lab.udp(from, "10.96.0.10", 53).ask()).startsWith("dns ");
            assertThat(lab.ask(from, "10.96.0.10", 53)).startsWith("dns ");
            assertThatThrownBy(() -> lab.ask(from, "10.96.0.10", 54)).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void noConnectionFailsWhileEndpointsComeAndGo() throws Exception {
        var third = lab.pod("10.244.0.8");
        lab.serveTcp(third, 8080, "three");
        var web = service("web", WEB).build();
        program(web, tcp(at("10.244.0.5")));
        var sets = List.of(
                tcp(at("10.244.0.5"), at("10.244.0.6"), at("10.244.0.8")),
                tcp(at("10.244.0.8")),
                tcp(at("10.244.0.6"), at("10.244.0.8")),
                tcp(at("10.244.0.5")));
        try (var life = new Life("churn")) {
            life.start("changes", () -> {
                for (int i = 0; ; i++) {
                    program(web, sets.get(i % sets.size()));
                }
            });
            for (int i = 0; i < 300; i++) {
                assertThat(lab.ask(client, WEB, 80)).endsWith(" 10.244.0.7");
            }
        }
    }

    @Test
    void aHostPortLeadsToItsPod() throws Exception {
        var pod = new PodBuilder()
                .withNewSpec()
                .addNewContainer()
                .addNewPort()
                .withContainerPort(8080)
                .withHostPort(9000)
                .endPort()
                .endContainer()
                .endSpec()
                .withNewStatus()
                .withPodIP("10.244.0.5")
                .endStatus()
                .build();
        table.change(Map.of(new Owner(Owner.POD, "shop/web"), HostPorts.plan(pod)));
        assertThat(lab.ask(lab.outside, "192.0.2.2", 9000)).isEqualTo("one 192.0.2.1");
        assertThat(lab.ask(lab.node, "127.0.0.1", 9000)).startsWith("one ");
        assertThat(lab.ask(one, "192.0.2.2", 9000)).startsWith("one ");
        table.change(Map.of(new Owner(Owner.POD, "shop/web"), Rules.NONE));
        assertThatThrownBy(() -> lab.ask(lab.outside, "192.0.2.2", 9000)).isInstanceOf(ConnectException.class);
    }

    @Test
    void whatLeavesTheClusterWearsTheNodesAddress() throws Exception {
        lab.serveTcp(lab.outside, 8000, "world");
        assertThat(lab.ask(client, "192.0.2.1", 8000)).isEqualTo("world 192.0.2.2");
        assertThat(lab.ask(client, "10.244.0.5", 8080)).isEqualTo("one 10.244.0.7");
    }

    @Test
    void aPodDoesNotReachTheNodesLoopback() throws Exception {
        lab.serveTcp(lab.node, 7000, "secret");
        lab.on(client).require("sh", "-c", "ip route add 127.0.0.2/32 via 10.244.0.1 2>/dev/null || true");
        assertThatThrownBy(() -> lab.ask(client, "127.0.0.2", 7000)).isInstanceOf(IOException.class);
        assertThat(lab.ask(lab.node, "127.0.0.1", 7000)).startsWith("secret ");
    }

    @Test
    void noPacketForTheClustersRangesLeavesByTheDefaultRoute() throws Exception {
        lab.on(lab.outside).require(Command.of("nft", "-f", "-").reading("""
                table ip count {
                    chain arriving {
                        type filter hook prerouting priority raw;
                        ip daddr { 10.96.0.0/16, 10.244.0.0/16 } counter
                    }
                }
                """));
        program(service("web", WEB).build(), tcp(at("10.244.0.5")));
        var targets = List.of("10.96.77.77", "10.96.0.20", "10.244.0.99", "10.244.9.9");
        for (var from : List.of(client, lab.node)) {
            for (var target : targets) {
                assertThatThrownBy(() -> lab.udp(from, target, 4242).ask()).isInstanceOf(IOException.class);
            }
        }
        // The same without the table, and without the bridge.
        new Nft(lab.onNode()).deleteTable("ip", CONFIG.table());
        assertThatThrownBy(() -> lab.ask(lab.node, WEB, 80)).isInstanceOf(IOException.class);
        lab.onNode().require("ip", "link", "delete", "kapal0");
        assertThatThrownBy(() -> lab.ask(lab.node, WEB, 80)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> lab.ask(lab.node, "10.244.0.5", 80)).isInstanceOf(IOException.class);
        assertThat(lab.on(lab.outside).require("nft", "list", "table", "ip", "count"))
                .contains("counter packets 0 bytes 0");
    }

    @Test
    void podsPassAFirewallThatDropsByDefault() throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/sbin/iptables")), "left out: needs iptables");
        program(nodePort(service("web", WEB).build(), 30080), tcp(at("10.244.0.5")));
        lab.onNode().require("iptables", "-P", "FORWARD", "DROP");
        lab.onNode().require("iptables", "-P", "INPUT", "DROP");
        assertThatThrownBy(() -> lab.ask(lab.outside, "192.0.2.2", 30080)).isInstanceOf(SocketTimeoutException.class);
        lab.prepareNode(directory);
        lab.prepareNode(directory);
        assertThat(lab.ask(lab.outside, "192.0.2.2", 30080)).startsWith("one ");
        assertThat(lab.ask(client, WEB, 80)).startsWith("one ");
        assertThat(lab.onNode().require("iptables", "-S")).containsOnlyOnce("-o kapal0");
        lab.tearDownNode(directory);
        assertThat(lab.onNode().require("iptables", "-S")).doesNotContain("kapal");
    }

    @Test
    void aTableThatSomebodyFlushedComesBackWhole() throws Exception {
        program(service("web", WEB).build(), tcp(at("10.244.0.5")));
        assertThat(table.isLost()).isFalse();
        lab.onNode().require("nft", "flush", "ruleset");
        assertThat(table.isLost()).isTrue();
        table.change(Map.of());
        assertThat(lab.ask(client, WEB, 80)).isEqualTo("one 10.244.0.7");
    }
}
