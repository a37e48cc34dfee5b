package dev.kapal.network.resolv;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PodResolvConfTest {
    private static final ResolvConf HOST = ResolvConf.parse("""
            # the host's
            nameserver 192.0.2.53
            nameserver fd00::53
            search example.com corp.example.com
            options edns0 timeout:1
            """);
    private final PodResolvConf resolv = new PodResolvConf(List.of("10.96.0.10"), "cluster.local", HOST);

    private String formed(PodSpec spec) {
        return resolv.form(spec, "shop").file().text();
    }

    @Test
    void clusterFirstSearchesTheOwnNamespaceAndThenTheHosts() {
        var expected = """
                search shop.svc.cluster.local svc.cluster.local cluster.local example.com corp.example.com
                nameserver 10.96.0.10
                options ndots:5
                """;
        assertThat(formed(new PodSpec())).isEqualTo(expected);
        assertThat(formed(new PodSpecBuilder().withDnsPolicy("ClusterFirst").build()))
                .isEqualTo(expected);
        assertThat(formed(new PodSpecBuilder()
                        .withHostNetwork(true)
                        .withDnsPolicy("ClusterFirstWithHostNet")
                        .build()))
                .isEqualTo(expected);
    }

    @Test
    void aPodOnTheHostsNetworkGetsTheHostsFile() {
        var expected = """
                search example.com corp.example.com
                nameserver 192.0.2.53
                nameserver fd00::53
                options edns0 timeout:1
                """;
        assertThat(formed(new PodSpecBuilder()
                        .withHostNetwork(true)
                        .withDnsPolicy("ClusterFirst")
                        .build()))
                .isEqualTo(expected);
        assertThat(formed(new PodSpecBuilder().withDnsPolicy("Default").build()))
                .isEqualTo(expected);
    }

    @Test
    void noneLeavesItAllToThePod() {
        var spec = new PodSpecBuilder()
                .withDnsPolicy("None")
                .withNewDnsConfig()
                .withNameservers("192.0.2.1")
                .withSearches("ns1.svc.cluster-domain.example")
                .addNewOption("ndots", "2")
                .addNewOption("edns0", null)
                .endDnsConfig()
                .build();
        assertThat(formed(spec)).isEqualTo("""
                search ns1.svc.cluster-domain.example
                nameserver 192.0.2.1
                options ndots:2 edns0
                """);
    }

    @Test
    void thePodsConfigIsJoinedWithoutRepeatsAndItsOptionsWin() {
        var spec = new PodSpecBuilder()
                .withDnsPolicy("ClusterFirst")
                .withNewDnsConfig()
                .withNameservers("10.96.0.10", "192.0.2.1")
                .withSearches("cluster.local", "more.example")
                .addNewOption("ndots", "1")
                .endDnsConfig()
                .build();
        assertThat(formed(spec)).isEqualTo("""
                search shop.svc.cluster.local svc.cluster.local cluster.local example.com corp.example.com more.example
                nameserver 10.96.0.10
                nameserver 192.0.2.1
                options ndots:1
                """);
    }

    @Test
    void leavesOutWhatResolversWouldIgnoreAndSaysSo() {
        var spec = new PodSpecBuilder()
                .withDnsPolicy("None")
                .withNewDnsConfig()
                .withNameservers("192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4")
                .withSearches(IntStream.range(0, 40).mapToObj(i -> "s" + i).toList())
                .endDnsConfig()
                .build();
        var formed = resolv.form(spec, "shop");
        assertThat(formed.file().nameservers()).hasSize(3);
        assertThat(formed.file().searches()).hasSize(32).endsWith("s31");
        assertThat(formed.warnings())
                .hasSize(2)
                .first()
                .isEqualTo("Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver"
                        + " line is: 192.0.2.1 192.0.2.2 192.0.2.3");
    }

    @Test
    void searchesStayWithinTheResolversLine() {
        var spec = new PodSpecBuilder()
                .withDnsPolicy("None")
                .withNewDnsConfig()
                .withSearches(IntStream.range(0, 12)
                        .mapToObj(i -> i + "a".repeat(200))
                        .toList())
                .endDnsConfig()
                .build();
        assertThat(resolv.form(spec, "shop").file().searches()).hasSize(10);
    }

    @Test
    void theLastSearchLineOfAFileWins() {
        assertThat(ResolvConf.parse("domain a.example\nsearch b.example c.example\n")
                        .searches())
                .containsExactly("b.example", "c.example");
    }
}
