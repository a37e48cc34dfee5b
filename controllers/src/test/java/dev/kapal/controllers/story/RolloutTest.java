package dev.kapal.controllers.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.client.Api;
import dev.kapal.client.Key;
import dev.kapal.controllers.workload.PodFacts;
import dev.kapal.testkit.Conformance;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The life of a Deployment against a real API server.
@Timeout(300)
class RolloutTest {
    private static final Key WEB = new Key("default", "web");

    @TempDir
    Path directory;

    private Town town;

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

    @Test
    @Conformance("apps-deployment-rolling-update")
    void createsScalesRollsOutAndUndoes() throws Exception {
        town.api().create(Workloads.web(3, "web:v1"));
        rolledOut(1, 3);
        assertThat(town.cache(ReplicaSet.class).list("default")).singleElement().satisfies(set -> {
            assertThat(set.getMetadata().getName()).startsWith("web-");
            assertThat(set.getMetadata().getAnnotations())
                    .containsEntry("deployment.kubernetes.io/revision", "1")
                    .containsEntry("deployment.kubernetes.io/desired-replicas", "3")
                    .containsEntry("deployment.kubernetes.io/max-replicas", "4");
        });

        patch("{\"spec\":{\"replicas\":8}}");
        rolledOut(1, 8);

        setImage("web:v2");
        rolledOut(2, 8);
        assertThat(images()).containsOnly("web:v2");

        // What kubectl rollout undo does: the old template again.
        setImage("web:v1");
        rolledOut(3, 8);
        assertThat(images()).containsOnly("web:v1");
        assertThat(town.cache(ReplicaSet.class).list("default"))
                .filteredOn(set -> set.getSpec().getReplicas() == 8)
                .singleElement()
                .satisfies(set -> assertThat(set.getMetadata().getAnnotations())
                        .containsEntry("deployment.kubernetes.io/revision", "3")
                        .containsEntry("deployment.kubernetes.io/revision-history", "1"));
        town.await(
                Event.class,
                "the events",
                events -> events.list("default").stream()
                        .anyMatch(event -> event.getReason().equals("ScalingReplicaSet")
                                && event.getMessage().matches(".*Scaled down replica set web-\\w+ from \\d to \\d")));
    }

    @Test
    void goesBackForClientsOfTheFirstVersions() throws Exception {
        town.api().create(Workloads.web(3, "web:v1"));
        rolledOut(1, 3);
        setImage("web:v2");
        rolledOut(2, 3);

        town.client()
                .raw(
                        "/apis/extensions/v1beta1/namespaces/default/deployments/web/rollback",
                        "POST",
                        Map.of(
                                "apiVersion",
                                "extensions/v1beta1",
                                "kind",
                                "DeploymentRollback",
                                "name",
                                "web",
                                "updatedAnnotations",
                                Map.of("asked-by", "me"),
                                "rollbackTo",
                                Map.of("revision", 1)));

        rolledOut(3, 3);
        assertThat(images()).containsOnly("web:v1");
        assertThat(town.api()
                        .fetch(Deployment.class, WEB)
                        .orElseThrow()
                        .getMetadata()
                        .getAnnotations())
                .doesNotContainKey("deprecated.deployment.rollback.to");
        town.await(
                Event.class,
                "the event",
                events -> events.list("default").stream()
                        .anyMatch(event -> event.getReason().equals("DeploymentRollback")
                                && event.getMessage().equals("Rolled back deployment \"web\" to revision 1")));
    }

    @Test
    void keepsEightOfTenWhenTheNewImageIsBroken() throws Exception {
        town.api().create(Workloads.web(10, "web:v1"));
        rolledOut(1, 10);

        setImage("broken");
        town.await(
                Deployment.class,
                "a stuck rollout",
                all -> all.find(WEB)
                        .filter(web -> number(web.getStatus().getUpdatedReplicas()) == 5
                                && number(web.getStatus().getAvailableReplicas()) == 8
                                && number(web.getStatus().getReplicas()) == 13)
                        .isPresent());

        setImage("web:v1");
        rolledOut(3, 10);
        assertThat(images()).containsOnly("web:v1");
    }

    @Test
    @Conformance({"apps-deployment-proportional-scaling", "apps-deployment-rollover"})
    void sharesOutWhatIsAddedInTheMiddleOfARolloutAndTurnsToANewerOne() throws Exception {
        town.api().create(Workloads.web(10, "web:v1"));
        rolledOut(1, 10);
        patch("{\"spec\":{\"strategy\":{\"rollingUpdate\":{\"maxSurge\":3,\"maxUnavailable\":2}}}}");
        setImage("broken");
        awaitSets("eight old pods, five new ones", Map.of("web:v1", 8, "broken", 5));

        patch("{\"spec\":{\"replicas\":30}}");
        awaitSets("each set grown by its share", Map.of("web:v1", 20, "broken", 13));

        setImage("web:v2");
        rolledOut(3, 30);
        awaitSets("only the newest", Map.of("web:v1", 0, "broken", 0, "web:v2", 30));
        assertThat(images()).containsOnly("web:v2");
    }

    @Test
    @Conformance("apps-deployment-recreate")
    void deletesAllOldPodsBeforeItMakesNewOnesWhenItIsToRecreate() throws Exception {
        var web = new DeploymentBuilder(Workloads.web(3, "web:v1"))
                .editSpec()
                .withNewStrategy()
                .withType("Recreate")
                .endStrategy()
                .endSpec()
                .build();
        town.api().create(web);
        rolledOut(1, 3);
        var pods = town.cache(Pod.class);
        var beside = new ConcurrentLinkedQueue<String>();
        try (var watching = pods.onChange(change -> {
            if (image(change.latest()).equals("web:v2")) {
                pods.list("default").stream()
                        .filter(pod -> image(pod).equals("web:v1"))
                        .map(pod -> pod.getMetadata().getName())
                        .forEach(beside::add);
            }
        })) {
            setImage("web:v2");
            rolledOut(2, 3);
        }
        assertThat(beside).isEmpty();
        assertThat(images()).containsOnly("web:v2");
    }

    @Test
    @Conformance("apps-deployment-revision-history-limit")
    void keepsNoMoreOldSetsThanItIsTo() throws Exception {
        var web = new DeploymentBuilder(Workloads.web(1, "web:v1"))
                .editSpec()
                .withRevisionHistoryLimit(1)
                .endSpec()
                .build();
        town.api().create(web);
        rolledOut(1, 1);
        setImage("web:v2");
        rolledOut(2, 1);
        setImage("web:v3");
        rolledOut(3, 1);

        awaitSets("the newest and the one before", Map.of("web:v2", 0, "web:v3", 1));
    }

    @Test
    @Conformance("apps-deployment-lifecycle")
    void followsItsSpecificationFromBeginningToEnd() throws Exception {
        town.api().create(Workloads.web(1, "web:v1"));
        rolledOut(1, 1);
        patch("{\"metadata\":{\"labels\":{\"patched\":\"yes\"}},\"spec\":{\"replicas\":2}}");
        rolledOut(1, 2);
        assertThat(town.api()
                        .fetch(Deployment.class, WEB)
                        .orElseThrow()
                        .getMetadata()
                        .getLabels())
                .containsEntry("patched", "yes");

        var path = "/apis/apps/v1/namespaces/default/deployments/web";
        town.api().patch(path + "/scale", Api.Patch.MERGE, "{\"spec\":{\"replicas\":3}}");
        rolledOut(1, 3);

        assertThat(town.api().get(path + "/status").at("/status/readyReplicas").asInt())
                .isEqualTo(3);
        var patched = town.api()
                .patchStatus(
                        Deployment.class,
                        WEB,
                        Api.Patch.STRATEGIC,
                        "{\"status\":{\"conditions\":[{\"type\":\"Patched\",\"status\":\"True\"}]}}");
        assertThat(patched.getStatus().getConditions())
                .anyMatch(condition -> condition.getType().equals("Patched")
                        && condition.getStatus().equals("True"));

        town.api().delete(Deployment.class, WEB, new DeleteOptions());
        town.await(Deployment.class, "no deployment", all -> all.find(WEB).isEmpty());
        town.await(Pod.class, "no pod", all -> all.list("default").isEmpty());
    }

    @Test
    void replacesADeletedPod() throws Exception {
        town.api().create(Workloads.web(2, "web:v1"));
        rolledOut(1, 2);
        var victim = town.cache(Pod.class).list("default").getFirst();

        town.api().delete(Pod.class, Key.of(victim), new DeleteOptions());

        town.await(
                Pod.class,
                "a new pod",
                pods -> pods.find(Key.of(victim)).isEmpty()
                        && pods.list("default").size() == 2);
    }

    @Test
    void runsAThousandReplicas() throws Exception {
        town.api().create(Workloads.web(1000, "web:v1"));
        rolledOut(1, 1000);
        assertThat(town.cache(Pod.class).list("default")).hasSize(1000);
    }

    private void rolledOut(int revision, int replicas) throws Exception {
        town.await(
                Deployment.class,
                "rolled out revision " + revision,
                all -> all.find(WEB)
                        .filter(web -> web.getStatus() != null)
                        .filter(web -> String.valueOf(revision)
                                .equals(Map.copyOf(web.getMetadata().getAnnotations())
                                        .get("deployment.kubernetes.io/revision")))
                        .filter(web -> web.getMetadata()
                                .getGeneration()
                                .equals(web.getStatus().getObservedGeneration()))
                        .filter(web -> number(web.getStatus().getReplicas()) == replicas
                                && number(web.getStatus().getUpdatedReplicas()) == replicas
                                && number(web.getStatus().getAvailableReplicas()) == replicas)
                        .filter(web -> web.getStatus().getConditions().stream()
                                .anyMatch(condition -> condition.getReason().equals("NewReplicaSetAvailable")))
                        .isPresent());
    }

    /// Waits until there are exactly these sets, by image, that want so many pods.
    private void awaitSets(String what, Map<String, Integer> wanted) throws Exception {
        town.await(
                ReplicaSet.class,
                what,
                all -> all.list("default").stream()
                        .collect(Collectors.toMap(
                                set -> set.getSpec()
                                        .getTemplate()
                                        .getSpec()
                                        .getContainers()
                                        .getFirst()
                                        .getImage(),
                                set -> set.getSpec().getReplicas()))
                        .equals(wanted));
    }

    private static String image(Pod pod) {
        return pod.getSpec().getContainers().getFirst().getImage();
    }

    private List<String> images() throws InterruptedException {
        return town.cache(Pod.class).list("default").stream()
                .filter(PodFacts::isActive)
                .map(RolloutTest::image)
                .toList();
    }

    private void setImage(String image) throws InterruptedException {
        patch("{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"main\",\"image\":\"" + image
                + "\"}]}}}}");
    }

    private void patch(String patch) throws InterruptedException {
        town.api().patch(Deployment.class, WEB, Api.Patch.STRATEGIC, patch);
    }

    private static int number(Integer count) {
        return count == null ? 0 : count;
    }
}
