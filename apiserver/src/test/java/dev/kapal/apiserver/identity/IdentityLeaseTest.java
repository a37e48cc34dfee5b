package dev.kapal.apiserver.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.apiserver.TestServer;
import dev.kapal.base.life.Life;
import dev.kapal.base.time.Time;
import dev.kapal.testkit.FakeTime;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Beside the Lease of the server itself, those of servers on other machines.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IdentityLeaseTest {
    private static final String LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases";

    private final FakeTime time = new FakeTime();
    private TestServer cluster;

    @BeforeAll
    void start() {
        cluster = TestServer.start();
        time.jumpTo(Time.system().instant()); // the server itself removes what is too old
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    private Life run(String host) throws InterruptedException {
        var life = new Life("other-server");
        var lease = life.own(new IdentityLease(host, cluster.server().handler(), new Random(1), time));
        life.start("identity", lease::run);
        time.awaitSleepers(1);
        return life;
    }

    private ObjectNode lease(String host) throws Exception {
        return cluster.call("GET", LEASES + "/" + IdentityLease.name(host), "").document();
    }

    private List<String> hosts() throws Exception {
        return cluster.call("GET", LEASES + "?labelSelector=apiserver.kubernetes.io/identity=kube-apiserver", "")
                .document()
                .findValuesAsText("kubernetes.io/hostname");
    }

    @Test
    void isNamedByTheHostAsUpstreamNamesIt() {
        assertThat(IdentityLease.name("")).isEqualTo("apiserver-4oymiquy7qobjgx36tejs35zeq");
        assertThat(IdentityLease.name("control-plane")).matches("apiserver-[a-z2-7]{26}");
    }

    @Test
    void saysWhoIsThereAndRenewsIt() throws Exception {
        try (var other = run("one")) {
            var first = lease("one");
            assertThat(first.at("/metadata/labels/apiserver.kubernetes.io~1identity")
                            .asText())
                    .isEqualTo("kube-apiserver");
            assertThat(first.at("/spec/holderIdentity").asText()).startsWith(IdentityLease.name("one") + "_");
            assertThat(first.at("/spec/leaseDurationSeconds").asInt()).isEqualTo(3600);
            time.advance(Duration.ofSeconds(10));
            time.awaitSleepers(1);
            assertThat(lease("one").at("/spec/renewTime").asText())
                    .isGreaterThan(first.at("/spec/renewTime").asText());
        }
    }

    @Test
    void comesBackWhenSomebodyRemovesIt() throws Exception {
        try (var other = run("two")) {
            cluster.call("DELETE", LEASES + "/" + IdentityLease.name("two"), "");
            time.advance(Duration.ofSeconds(10));
            time.awaitSleepers(1);
            assertThat(hosts()).contains("two");
        }
    }

    @Test
    void removesThoseOfServersThatAreGoneForAnHour() throws Exception {
        run("gone").close();
        try (var other = run("three")) {
            time.advance(Duration.ofMinutes(59));
            time.awaitSleepers(1);
            assertThat(hosts()).contains("gone");
            time.advance(Duration.ofMinutes(2));
            time.awaitSleepers(1);
            assertThat(hosts()).doesNotContain("gone").contains("three");
        }
    }
}
