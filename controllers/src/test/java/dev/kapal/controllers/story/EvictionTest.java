package dev.kapal.controllers.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.apiserver.ApiServer;
import dev.kapal.apiserver.ApiServerConfig;
import dev.kapal.base.life.Life;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.client.Api;
import dev.kapal.client.Clients;
import dev.kapal.client.EventRecorder;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.client.ReconcilerRunner;
import dev.kapal.controllers.taint.TaintEvictionReconciler;
import dev.kapal.controllers.workload.PodFacts;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.pki.ClusterPki;
import dev.kapal.store.MemoryStore;
import dev.kapal.testkit.Conformance;
import dev.kapal.testkit.FakeTime;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// How long pods stay on tainted nodes: a real API server, and a controller whose time only the test moves.
@Timeout(300)
class EvictionTest {
    private final Life life = new Life("eviction");
    private final FakeTime time = new FakeTime();
    private KubernetesClient client;
    private Informers informers;
    private Api api;

    /// Two nodes, tainted.
    @BeforeEach
    void found(@TempDir Path directory) throws Exception {
        var metrics = new Metrics();
        var store = life.own(MemoryStore.open());
        var pki = ClusterPki.open(directory, Time.system());
        var server = life.own(ApiServer.start(
                ApiServerConfig.of(pki, 0, "192.0.2.1", ResourceRegistry.builtIn(), store, Time.system(), metrics)));
        client = life.own(Clients.inProcess(server.handler(), "mayor", List.of("system:masters")));
        api = new Api(client);
        informers = life.own(new Informers(client, Time.system(), metrics));
        var events = life.own(new EventRecorder(client, Time.system()));
        create("{apiVersion: v1, kind: ServiceAccount, metadata: {name: default}}");
        for (var name : List.of("n1", "n2")) {
            create("""
                    apiVersion: v1
                    kind: Node
                    metadata: {name: %s}
                    spec: {taints: [{key: evict, value: "yes", effect: NoExecute}]}
                    """.formatted(name));
        }
        life.own(ReconcilerRunner.start(
                "noexec_taint_pod", new TaintEvictionReconciler(informers, api, events, time), 1, time, metrics));
    }

    @AfterEach
    void leave() {
        life.close();
    }

    @Test
    @Conformance("node-taint-multiple-toleration-seconds")
    void eachAsLongAsItTolerates() throws Exception {
        pod("brief", "n1", 60);
        pod("long", "n1", 300);
        time.awaitSleepers(2);

        time.advance(Duration.ofSeconds(60));
        awaitEviction("brief");
        assertThat(stays("long")).isTrue();
        time.advance(Duration.ofSeconds(240));
        awaitEviction("long");
    }

    @Test
    @Conformance("node-taint-single-taint-removed")
    void forGoodWhenTheTaintIsTakenAwayBefore() throws Exception {
        pod("spared", "n1", 60);
        pod("later", "n2", 90);
        time.awaitSleepers(2);
        time.advance(Duration.ofSeconds(59));

        api.patch(Node.class, Key.cluster("n1"), Api.Patch.MERGE, "{\"spec\":{\"taints\":null}}");

        var events = informers.of(Event.class);
        Town.await(
                events,
                "the eviction taken back",
                all -> all.list("default").stream()
                        .anyMatch(event -> "Cancelling deletion of Pod default/spared".equals(event.getMessage())));
        time.advance(Duration.ofSeconds(31));
        awaitEviction("later");
        assertThat(stays("spared")).isTrue();
    }

    private void create(String yaml) {
        client.resource("---\n" + yaml).inNamespace("default").create();
    }

    private void pod(String name, String node, int seconds) {
        create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %s}
                spec:
                  nodeName: %s
                  containers: [{name: main, image: "web:v1"}]
                  tolerations: [{key: evict, operator: Exists, effect: NoExecute, tolerationSeconds: %d},
                    {key: node.kubernetes.io/not-ready, operator: Exists}]
                """.formatted(name, node, seconds));
    }

    private void awaitEviction(String pod) throws Exception {
        Town.await(
                informers.of(Pod.class),
                pod + " evicted",
                pods -> pods.find(new Key("default", pod))
                        .filter(PodFacts::isTerminating)
                        .isPresent());
    }

    private boolean stays(String pod) throws InterruptedException {
        return api.fetch(Pod.class, new Key("default", pod))
                .filter(found -> !PodFacts.isTerminating(found))
                .isPresent();
    }
}
