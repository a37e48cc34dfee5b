package dev.kapal.controllers.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.client.Api;
import dev.kapal.client.Key;
import dev.kapal.controllers.workload.PodFacts;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The life of a Deployment against a real API server.
@Timeout(60)
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

    private List<String> images() throws InterruptedException {
        return town.cache(Pod.class).list("default").stream()
                .filter(PodFacts::isActive)
                .map(pod -> pod.getSpec().getContainers().getFirst().getImage())
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
