package dev.kapal.network.proxy;

import static dev.kapal.network.proxy.Objects.at;
import static dev.kapal.network.proxy.Objects.elsewhere;
import static dev.kapal.network.proxy.Objects.nodePort;
import static dev.kapal.network.proxy.Objects.service;
import static dev.kapal.network.proxy.Objects.tcp;
import static dev.kapal.network.proxy.Objects.terminating;
import static dev.kapal.network.proxy.Objects.unready;
import static dev.kapal.network.proxy.Objects.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.network.NetworkConfig;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServicePlannerTest {
    private static final Owner OWNER = new Owner(Owner.SERVICE, "shop/web");
    private final ServicePlanner planner = new ServicePlanner(NetworkConfig.DEFAULT, "me");

    private String script(Service service, EndpointSlice... slices) {
        return new Ruleset("kapal").change(Map.of(OWNER, planner.plan(service, List.of(slices))));
    }

    private SimulatedTable table(Service service, EndpointSlice... slices) {
        var table = new SimulatedTable();
        table.apply(script(service, slices));
        return table;
    }

    @Test
    void anOrdinaryServiceIsElementsAndOneSharedChain() {
        assertThat(script(service("web", "10.96.0.20").build(), tcp(at("10.244.0.6"), elsewhere("10.244.1.7"))))
                .isEqualTo("""
                        add chain ip kapal pick-2
                        add rule ip kapal pick-2 ct mark set numgen random mod 2 offset 0x4b000000
                        add rule ip kapal pick-2 meta l4proto { tcp, udp, sctp } dnat ip to ip daddr . meta l4proto . th dport . ct mark map @backends
                        add rule ip kapal pick-2 ct mark set 0x4b000000
                        add rule ip kapal pick-2 meta l4proto { tcp, udp, sctp } dnat ip to ip daddr . meta l4proto . th dport . ct mark map @backends
                        add element ip kapal services { 10.96.0.20 . tcp . 80 : goto pick-2 }
                        add element ip kapal backends { 10.96.0.20 . tcp . 80 . 0x4b000000 : 10.244.0.6 . 8080, 10.96.0.20 . tcp . 80 . 0x4b000001 : 10.244.1.7 . 8080 }
                        add element ip kapal addresses { 10.96.0.20 }
                        add element ip kapal hairpins { 10.244.0.6 . 10.244.0.6 }
                        """);
    }

    @Test
    void oneEndpointMoreTouchesOnlyWhatDiffers() {
        var ruleset = new Ruleset("kapal");
        var web = service("web", "10.96.0.20").build();
        ruleset.change(Map.of(OWNER, planner.plan(web, List.of(tcp(at("10.244.0.6"))))));
        assertThat(ruleset.change(Map.of(OWNER, planner.plan(web, List.of(tcp(at("10.244.0.7")))))))
                .isEqualTo("""
                        delete element ip kapal backends { 10.96.0.20 . tcp . 80 . 0x4b000000 }
                        delete element ip kapal hairpins { 10.244.0.6 . 10.244.0.6 }
                        add element ip kapal backends { 10.96.0.20 . tcp . 80 . 0x4b000000 : 10.244.0.7 . 8080 }
                        add element ip kapal hairpins { 10.244.0.7 . 10.244.0.7 }
                        """);
        assertThat(ruleset.change(Map.of(OWNER, planner.plan(web, List.of(tcp(at("10.244.0.7")))))))
                .isEmpty();
    }

    @Test
    void affinityRemembersClientsPerEndpoint() {
        var web = with(
                service("web", "10.96.0.20").build(),
                builder -> builder.editSpec()
                        .withSessionAffinity("ClientIP")
                        .withNewSessionAffinityConfig()
                        .withNewClientIP(60)
                        .endSessionAffinityConfig()
                        .endSpec());
        assertThat(script(web, tcp(at("10.244.0.6"))).replaceAll("[0-9a-f]{16}", "HASH"))
                .isEqualTo("""
                        add set ip kapal sticky-HASH-HASH-60 { type ipv4_addr; flags dynamic, timeout; timeout 60s; size 65535; }
                        add chain ip kapal sticky-HASH-HASH-60
                        add chain ip kapal all-HASH
                        add rule ip kapal sticky-HASH-HASH-60 update @sticky-HASH-HASH-60 { ip saddr }
                        add rule ip kapal sticky-HASH-HASH-60 meta l4proto tcp dnat ip to 10.244.0.6:8080
                        add rule ip kapal all-HASH ip saddr @sticky-HASH-HASH-60 goto sticky-HASH-HASH-60
                        add rule ip kapal all-HASH numgen random mod 1 vmap { 0 : goto sticky-HASH-HASH-60 }
                        add element ip kapal services { 10.96.0.20 . tcp . 80 : goto all-HASH }
                        add element ip kapal addresses { 10.96.0.20 }
                        add element ip kapal hairpins { 10.244.0.6 . 10.244.0.6 }
                        """);
    }

    @Test
    void readyEndpointsComeFirstThenThoseOnTheirWayOut() {
        var web = service("web", "10.96.0.20").build();
        var key = "10.96.0.20 . tcp . 80";
        assertThat(table(web, tcp(at("10.244.0.5"), terminating("10.244.0.6"), unready("10.244.0.7")))
                        .destinations(key))
                .containsExactly("10.244.0.5 . 8080");
        assertThat(table(web, tcp(terminating("10.244.0.6"), unready("10.244.0.7")))
                        .destinations(key))
                .containsExactly("10.244.0.6 . 8080");
        assertThat(table(web, tcp(unready("10.244.0.7"))).destinations(key)).containsExactly("goto refuse");
        assertThat(table(web).destinations(key)).containsExactly("goto refuse");
    }

    @Test
    void theInternalPolicyLocalKeepsToTheNode() {
        var web = with(
                service("web", "10.96.0.20").build(),
                builder -> builder.editSpec().withInternalTrafficPolicy("Local").endSpec());
        var key = "10.96.0.20 . tcp . 80";
        assertThat(table(web, tcp(at("10.244.0.5"), elsewhere("10.244.1.5"))).destinations(key))
                .containsExactly("10.244.0.5 . 8080");
        assertThat(table(web, tcp(elsewhere("10.244.1.5"))).destinations(key)).containsExactly("drop");
        assertThat(table(web).destinations(key)).containsExactly("goto refuse");
    }

    @Test
    void theExternalPolicyLocalDropsWhereTheNodeHasNone() {
        var web = with(
                nodePort(service("web", "10.96.0.20").build(), 30080),
                builder -> builder.editSpec().withExternalTrafficPolicy("Local").endSpec());
        var script = script(web, tcp(elsewhere("10.244.1.5")));
        assertThat(script).containsPattern("add rule ip kapal from-outside-local-\\w+ drop");
        assertThat(script).containsPattern("from-outside-local-\\w+ ip saddr 10.244.0.0/16 goto all-");
    }

    @Test
    void aNodePortAndAnExternalAddressLeadToTheSameEndpoints() {
        var web = with(
                nodePort(service("web", "10.96.0.20").build(), 30080),
                builder -> builder.editSpec()
                        .withExternalIPs("198.51.100.7", "fd00::7")
                        .endSpec());
        var table = table(web, tcp(at("10.244.0.5"), elsewhere("10.244.1.5")));
        assertThat(table.nodePortDestinations("tcp . 30080"))
                .isEqualTo(table.destinations("198.51.100.7 . tcp . 80"))
                .isEqualTo(table.destinations("10.96.0.20 . tcp . 80"))
                .hasSize(2);
        assertThat(table(web).nodePortDestinations("tcp . 30080")).containsExactly("goto refuse");
    }

    @Test
    void portsAreMatchedByNameAndSlicesAreJoined() {
        var web = with(
                service("web", "10.96.0.20").build(),
                builder -> builder.editSpec()
                        .editFirstPort()
                        .withName("http")
                        .endPort()
                        .endSpec());
        var other = tcp(at("10.244.0.5"));
        var http = new EndpointSliceBuilder(tcp(at("10.244.0.6")))
                .editFirstPort()
                .withName("http")
                .withPort(9090)
                .endPort()
                .build();
        var more = new EndpointSliceBuilder(http)
                .withEndpoints(at("10.244.0.6").build(), at("10.244.0.7").build())
                .build();
        assertThat(table(web, other, http, more).destinations("10.96.0.20 . tcp . 80"))
                .containsExactly("10.244.0.6 . 9090", "10.244.0.7 . 9090");
    }

    @Test
    void whatIsNotProxiedAddsNothing() {
        var slice = tcp(at("10.244.0.5"));
        assertThat(script(service("web", "None").build(), slice)).isEmpty();
        assertThat(script(
                        with(
                                service("web", "").build(),
                                builder -> builder.editSpec()
                                        .withType("ExternalName")
                                        .endSpec()),
                        slice))
                .isEmpty();
        assertThat(script(
                        with(
                                service("web", "10.96.0.20").build(),
                                builder -> builder.editMetadata()
                                        .addToLabels("service.kubernetes.io/service-proxy-name", "other")
                                        .endMetadata()),
                        slice))
                .isEmpty();
    }

    @Test
    void theDnsAddressIsServedByTheNodeItself() {
        assertThat(script(service("kube-dns", "10.96.0.10", "UDP", 53).build())).isEmpty();
    }
}
