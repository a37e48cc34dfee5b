package dev.kapal.controllers.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.client.Api;
import dev.kapal.client.Cache;
import dev.kapal.client.Key;
import dev.kapal.client.OwnerRefs;
import dev.kapal.controllers.workload.PodFacts;
import dev.kapal.testkit.Conformance;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ReplicationController;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/// What keeps a number of equal pods, for each kind that does.
@Timeout(300)
class ReplicasTest {
    private static final Key WEB = new Key("default", "web");
    private static final Key STRAY = new Key("default", "stray");

    @TempDir
    Path directory;

    private Town town;

    /// Who keeps the pods.
    enum Keeper {
        REPLICATION_CONTROLLER(
                ReplicationController.class,
                "{app: web}",
                "replication-controller",
                List.of("apps-rc-adopt", "apps-rc-release"),
                List.of("apps-rc-scale"),
                List.of("apps-rc-quota-condition")),
        REPLICA_SET(
                ReplicaSet.class,
                "{matchLabels: {app: web}}",
                "replicaset-controller",
                List.of("apps-replicaset-adopt-release"),
                List.of("apps-replicaset-scale"),
                List.of()),
        DEPLOYMENT(
                Deployment.class,
                "{matchLabels: {app: web}}",
                "deployment-controller",
                List.of(),
                List.of("apps-deployment-scale"),
                List.of());

        private final Class<? extends HasMetadata> type;
        private final String selector;
        private final String component;
        private final List<String> claiming;
        private final List<String> scaling;
        private final List<String> failing;

        Keeper(
                Class<? extends HasMetadata> type,
                String selector,
                String component,
                List<String> claiming,
                List<String> scaling,
                List<String> failing) {
            this.type = type;
            this.selector = selector;
            this.component = component;
            this.claiming = claiming;
            this.scaling = scaling;
            this.failing = failing;
        }

        private String path() {
            var version = HasMetadata.getApiVersion(type);
            return (version.equals("v1") ? "/api/" : "/apis/") + version + "/namespaces/default/"
                    + HasMetadata.getPlural(type) + "/web";
        }
    }

    @BeforeEach
    void found() throws Exception {
        town = Town.start(directory);
    }

    @AfterEach
    void leave() throws Exception {
        if (town != null) {
            town.close();
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "DEPLOYMENT")
    void takesUpAPodThatFitsAndLetsItGoWhenItFitsNoMore(Keeper keeper, TestReporter reporter) throws Exception {
        create("""
                apiVersion: v1
                kind: Pod
                metadata: {name: stray, labels: {app: web}}
                spec: {containers: [{name: main, image: "web:v1"}]}
                """);
        create(keeper, 2);
        town.await(
                Pod.class,
                "two pods, the stray among them",
                pods -> of(pods, "web").size() == 2
                        && of(pods, "web").stream().anyMatch(pod -> Key.of(pod).equals(STRAY)));
        assertThat(controller(STRAY)).hasValueSatisfying(owner -> {
            assertThat(owner.getKind()).isEqualTo(HasMetadata.getKind(keeper.type));
            assertThat(owner.getApiVersion()).isEqualTo(HasMetadata.getApiVersion(keeper.type));
            assertThat(owner.getBlockOwnerDeletion()).isTrue();
        });

        town.api().patch(Pod.class, STRAY, Api.Patch.MERGE, "{\"metadata\":{\"labels\":{\"app\":\"other\"}}}");

        town.await(
                Pod.class,
                "the stray without an owner, and two others",
                pods -> pods.find(STRAY)
                                .filter(pod -> OwnerRefs.of(pod).isEmpty())
                                .isPresent()
                        && of(pods, "web").size() == 2);
        publish(reporter, keeper.claiming);
    }

    @ParameterizedTest
    @EnumSource
    void showsAndTakesItsScale(Keeper keeper, TestReporter reporter) throws Exception {
        var scale = keeper.path() + "/scale";
        create(keeper, 1);
        awaitStatus(
                keeper, "one ready pod", status -> status.path("readyReplicas").asInt() == 1);
        var shown = (ObjectNode) town.api().get(scale);
        assertThat(shown.at("/spec/replicas").asInt()).isEqualTo(1);
        assertThat(shown.at("/status/replicas").asInt()).isEqualTo(1);

        shown.withObject("/spec").put("replicas", 2);
        assertThat(town.api().put(scale, shown).at("/spec/replicas").asInt()).isEqualTo(2);
        awaitStatus(
                keeper, "two ready pods", status -> status.path("readyReplicas").asInt() == 2);
        assertThat(town.api().get(scale).at("/status/replicas").asInt()).isEqualTo(2);

        town.api().patch(scale, Api.Patch.MERGE, "{\"spec\":{\"replicas\":4}}");
        awaitStatus(
                keeper,
                "four ready pods",
                status -> status.path("readyReplicas").asInt() == 4);
        assertThat(town.api().get(scale).at("/spec/replicas").asInt()).isEqualTo(4);
        assertThat(town.api().get(keeper.path()).at("/spec/replicas").asInt()).isEqualTo(4);
        publish(reporter, keeper.scaling);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "DEPLOYMENT")
    void saysThatAQuotaHoldsPodsBackUntilNoneIsMissing(Keeper keeper, TestReporter reporter) throws Exception {
        create("""
                apiVersion: v1
                kind: ResourceQuota
                metadata: {name: two}
                spec: {hard: {pods: "2"}}
                """);
        town.await(
                ResourceQuota.class,
                "the bound in force",
                quotas -> quotas.find(new Key("default", "two"))
                        .filter(quota -> quota.getStatus() != null
                                && quota.getStatus().getHard().containsKey("pods"))
                        .isPresent());
        create(keeper, 3);
        awaitStatus(keeper, "the failure", status -> {
            var condition = status.path("conditions").path(0);
            return status.path("readyReplicas").asInt() == 2
                    && condition.path("type").asText().equals("ReplicaFailure")
                    && condition.path("status").asText().equals("True")
                    && condition.path("reason").asText().equals("FailedCreate")
                    && condition.path("message").asText().contains("exceeded quota: two, requested: pods=1");
        });
        town.await(
                Event.class,
                "the event",
                events -> events.list("default").stream()
                        .anyMatch(event -> event.getReason().equals("FailedCreate")
                                && event.getSource().getComponent().equals(keeper.component)
                                && event.getInvolvedObject().getKind().equals(HasMetadata.getKind(keeper.type))
                                && event.getMessage().startsWith("Error creating: pods \"web-")));

        town.api().patch(keeper.path() + "/scale", Api.Patch.MERGE, "{\"spec\":{\"replicas\":2}}");

        awaitStatus(keeper, "no failure", status -> status.path("conditions").isEmpty());
        publish(reporter, keeper.failing);
    }

    @Test
    @Conformance("apps-replicaset-replace-patch")
    void followsAReplacedAndAPatchedReplicaSet() throws Exception {
        create(Keeper.REPLICA_SET, 1);
        awaitStatus(
                Keeper.REPLICA_SET,
                "one ready pod",
                status -> status.path("readyReplicas").asInt() == 1);
        var set = town.api().fetch(ReplicaSet.class, WEB).orElseThrow();
        set.getSpec().setReplicas(2);
        town.api().update(set);
        awaitStatus(
                Keeper.REPLICA_SET,
                "two ready pods",
                status -> status.path("readyReplicas").asInt() == 2);

        town.api()
                .patch(
                        ReplicaSet.class,
                        WEB,
                        Api.Patch.STRATEGIC,
                        "{\"metadata\":{\"labels\":{\"patched\":\"yes\"}},\"spec\":{\"replicas\":3}}");

        awaitStatus(
                Keeper.REPLICA_SET,
                "three ready pods",
                status -> status.path("readyReplicas").asInt() == 3);
        assertThat(town.api()
                        .fetch(ReplicaSet.class, WEB)
                        .orElseThrow()
                        .getMetadata()
                        .getLabels())
                .containsEntry("patched", "yes");
    }

    private void create(Keeper keeper, int replicas) {
        create("""
                apiVersion: %s
                kind: %s
                metadata: {name: web}
                spec:
                  replicas: %d
                  selector: %s
                  template:
                    metadata: {labels: {app: web}}
                    spec: {containers: [{name: main, image: "web:v1"}]}
                """.formatted(
                HasMetadata.getApiVersion(keeper.type), HasMetadata.getKind(keeper.type), replicas, keeper.selector));
    }

    private void create(String yaml) {
        town.client().resource(yaml).inNamespace("default").create();
    }

    private void awaitStatus(Keeper keeper, String what, Predicate<JsonNode> wanted) throws Exception {
        var json = town.client().getKubernetesSerialization();
        town.await(
                keeper.type,
                what,
                all -> all.find(WEB)
                        .map(object -> json.convertValue(object, JsonNode.class).path("status"))
                        .filter(wanted)
                        .isPresent());
    }

    private Optional<OwnerReference> controller(Key pod) throws InterruptedException {
        return OwnerRefs.controller(town.api().fetch(Pod.class, pod).orElseThrow());
    }

    /// The living pods that the object of this name keeps.
    private static List<Pod> of(Cache<Pod> pods, String name) {
        return pods.list("default").stream()
                .filter(PodFacts::isActive)
                .filter(pod -> OwnerRefs.controller(pod)
                        .filter(owner -> owner.getName().equals(name))
                        .isPresent())
                .toList();
    }

    private static void publish(TestReporter reporter, List<String> ids) {
        ids.forEach(id -> reporter.publishEntry(Conformance.ENTRY, id));
    }
}
