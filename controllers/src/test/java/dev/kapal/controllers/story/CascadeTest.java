package dev.kapal.controllers.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.client.Api;
import dev.kapal.client.Change;
import dev.kapal.client.Key;
import dev.kapal.client.OwnerRefs;
import dev.kapal.testkit.Conformance;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ReplicationController;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What goes with what when its owner is deleted.
@Timeout(300)
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
    @Conformance("api-gc-delete-deployment-rs")
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
    @Conformance("api-gc-orphan-deployment-rs")
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

    @Test
    @Conformance("api-gc-delete-rc-pods")
    void takesThePodsOfAReplicationControllerInTheBackground() throws Exception {
        replicate("web", 2);

        deleteController("Background");

        town.await(Pod.class, "no pod", all -> all.list("default").isEmpty());
        assertThat(town.api().fetch(ReplicationController.class, WEB)).isEmpty();
    }

    @Test
    @Conformance("api-gc-foreground-rc")
    void takesThePodsOfAReplicationControllerBeforeItInTheForeground() throws Exception {
        replicate("web", 10);

        deleteController("Foreground");

        town.await(
                ReplicationController.class,
                "no controller",
                all -> all.find(WEB).isEmpty());
        // The server, not a cache: a pod that were left then would be there.
        assertThat(town.api().get("/api/v1/namespaces/default/pods").path("items"))
                .isEmpty();
    }

    @Test
    @Conformance("api-gc-orphan-rc-pods")
    void leavesThePodsOfAReplicationControllerAsOrphans() throws Exception {
        replicate("web", 10);
        var pods = names();

        deleteController("Orphan");

        town.await(
                ReplicationController.class,
                "no controller",
                all -> all.find(WEB).isEmpty());
        assertThat(town.api().get("/api/v1/namespaces/default/pods").path("items"))
                .hasSize(10)
                .allSatisfy(pod -> {
                    assertThat(pods).contains(pod.at("/metadata/name").asText());
                    assertThat(pod.at("/metadata/ownerReferences")).isEmpty();
                    assertThat(pod.at("/metadata/deletionTimestamp").isMissingNode())
                            .isTrue();
                });
    }

    @Test
    @Conformance("api-gc-two-owners")
    void leavesWhatAnotherOwnerHolds() throws Exception {
        replicate("web", 10);
        replicate("other", 0);
        var other = town.api()
                .fetch(ReplicationController.class, new Key("default", "other"))
                .orElseThrow();
        var shared = names().subList(0, 5);
        for (var name : shared) {
            own(name, other);
        }

        deleteController("Foreground");

        town.await(
                ReplicationController.class,
                "no controller",
                all -> all.find(WEB).isEmpty());
        assertThat(town.api().get("/api/v1/namespaces/default/pods").path("items"))
                .hasSize(5)
                .allSatisfy(pod -> {
                    assertThat(shared).contains(pod.at("/metadata/name").asText());
                    assertThat(pod.at("/metadata/ownerReferences"))
                            .singleElement()
                            .satisfies(owner ->
                                    assertThat(owner.path("name").asText()).isEqualTo("other"));
                    assertThat(pod.at("/metadata/deletionTimestamp").isMissingNode())
                            .isTrue();
                });
    }

    @Test
    @Conformance("api-gc-dependency-circle")
    void takesACircleOfOwnersAsAWhole() throws Exception {
        for (var name : List.of("pod1", "pod2", "pod3")) {
            town.client().resource("""
                            apiVersion: v1
                            kind: Pod
                            metadata: {name: %s}
                            spec: {containers: [{name: main, image: "web:v1"}]}
                            """.formatted(name)).inNamespace("default").create();
        }
        own("pod1", pod("pod3"));
        own("pod2", pod("pod1"));
        own("pod3", pod("pod2"));

        town.api()
                .delete(
                        Pod.class,
                        new Key("default", "pod1"),
                        new DeleteOptionsBuilder()
                                .withPropagationPolicy("Foreground")
                                .build());

        town.await(Pod.class, "no pod", all -> all.list("default").isEmpty());
    }

    /// A ReplicationController whose pods all run.
    private void replicate(String name, int replicas) throws Exception {
        town.client()
                .resource("""
                        apiVersion: v1
                        kind: ReplicationController
                        metadata: {name: %1$s}
                        spec:
                          replicas: %2$d
                          template:
                            metadata: {labels: {app: %1$s}}
                            spec: {containers: [{name: main, image: "web:v1"}]}
                        """.formatted(name, replicas))
                .inNamespace("default")
                .create();
        town.await(
                ReplicationController.class,
                "ready",
                all -> all.find(new Key("default", name))
                        .map(ReplicationController::getStatus)
                        .filter(status -> status.getObservedGeneration() != null
                                && Objects.requireNonNullElse(status.getReadyReplicas(), 0) == replicas)
                        .isPresent());
    }

    private void deleteController(String policy) throws InterruptedException {
        town.api()
                .delete(
                        ReplicationController.class,
                        WEB,
                        new DeleteOptionsBuilder().withPropagationPolicy(policy).build());
    }

    private Pod pod(String name) throws InterruptedException {
        return town.api().fetch(Pod.class, new Key("default", name)).orElseThrow();
    }

    /// One owner more, that does not manage the pod.
    private void own(String pod, HasMetadata owner) throws InterruptedException {
        town.api().patch(Pod.class, new Key("default", pod), Api.Patch.STRATEGIC, """
                        {"metadata": {"ownerReferences": [{"apiVersion": "v1", "kind": "%s", "name": "%s", "uid": "%s",
                            "blockOwnerDeletion": true}]}}
                        """.formatted(
                        owner.getKind(),
                        owner.getMetadata().getName(),
                        owner.getMetadata().getUid()));
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
