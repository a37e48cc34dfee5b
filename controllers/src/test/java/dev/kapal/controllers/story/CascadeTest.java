package dev.kapal.controllers.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.client.Change;
import dev.kapal.client.Key;
import dev.kapal.client.OwnerRefs;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What goes with what when its owner is deleted.
@Timeout(60)
class CascadeTest {
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
    void takesSetsAndPodsWithTheDeploymentInTheBackground() throws Exception {
        deploy(3);

        delete("Background");

        town.await(Deployment.class, "no deployment", all -> all.find(WEB).isEmpty());
        town.await(ReplicaSet.class, "no set", all -> all.list("default").isEmpty());
        town.await(Pod.class, "no pod", all -> all.list("default").isEmpty());
    }

    @Test
    void keepsTheDeploymentUntilTheLastDependentIsGoneInTheForeground() throws Exception {
        deploy(3);
        var sets = town.cache(ReplicaSet.class);

        delete("Foreground");

        var deployments = town.cache(Deployment.class);
        try (var watching = deployments.onChange(change -> {
            if (change instanceof Change.Deleted<Deployment>) {
                assertThat(sets.list("default")).isEmpty();
            }
        })) {
            town.await(Deployment.class, "no deployment", all -> all.find(WEB).isEmpty());
        }
        assertThat(town.api().fetch(Deployment.class, WEB)).isEmpty();
        town.await(Pod.class, "no pod", all -> all.list("default").isEmpty());
    }

    @Test
    void leavesOrphansAndTakesThemUpAgain() throws Exception {
        deploy(2);
        var pods = names();

        delete("Orphan");

        town.await(Deployment.class, "no deployment", all -> all.find(WEB).isEmpty());
        town.await(
                ReplicaSet.class,
                "an orphan",
                all -> all.list("default").stream()
                        .allMatch(set -> OwnerRefs.controller(set).isEmpty()));
        assertThat(names()).containsExactlyInAnyOrderElementsOf(pods);

        town.api().create(Workloads.web(2, "web:v1"));
        town.await(
                ReplicaSet.class,
                "adopted again",
                all -> all.list("default").stream()
                        .allMatch(set -> OwnerRefs.controller(set).isPresent()));
        town.await(
                Deployment.class,
                "ready",
                all -> all.find(WEB)
                        .filter(web -> web.getStatus() != null
                                && Integer.valueOf(2).equals(web.getStatus().getReadyReplicas()))
                        .isPresent());
        assertThat(names()).containsExactlyInAnyOrderElementsOf(pods);
    }

    @Test
    void collectsWhatWasMadeForAnOwnerThatNeverWas() throws Exception {
        town.api().create(map("stray", "no-such-uid"));

        town.await(
                ConfigMap.class,
                "no stray",
                all -> all.find(new Key("default", "stray")).isEmpty());
        // It may not have been there at all when the cache first looked: ask the server too.
        assertThat(town.api().fetch(ConfigMap.class, new Key("default", "stray")))
                .satisfiesAnyOf(
                        gone -> assertThat(gone).isEmpty(),
                        there -> town.await(
                                ConfigMap.class,
                                "gone",
                                all -> all.find(new Key("default", "stray")).isEmpty()));
    }

    private static ConfigMap map(String name, String ownerUid) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion("v1")
                        .withKind("ConfigMap")
                        .withName("owner")
                        .withUid(ownerUid)
                        .build())
                .endMetadata()
                .build();
    }

    private void deploy(int replicas) throws Exception {
        town.api().create(Workloads.web(replicas, "web:v1"));
        town.await(
                Deployment.class,
                "ready",
                all -> all.find(WEB)
                        .filter(web -> web.getStatus() != null
                                && Integer.valueOf(replicas)
                                        .equals(web.getStatus().getReadyReplicas()))
                        .isPresent());
    }

    private List<String> names() throws InterruptedException {
        return town.cache(Pod.class).list("default").stream()
                .map(pod -> pod.getMetadata().getName())
                .toList();
    }

    private void delete(String policy) throws InterruptedException {
        DeleteOptions options =
                new DeleteOptionsBuilder().withPropagationPolicy(policy).build();
        town.api().delete(Deployment.class, WEB, options);
    }
}
