package dev.kapal.controllers.deployment;

import static dev.kapal.controllers.Make.NOW;
import static dev.kapal.controllers.deployment.Sample.recreate;
import static dev.kapal.controllers.deployment.Sample.rolling;
import static dev.kapal.controllers.deployment.Sample.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RolloutTest {
    /// @param then the sizes after the step, of the sets that change
    private record Case(String name, Deployment deployment, List<ReplicaSet> sets, Map<String, Integer> then) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> steps() {
        return Stream.of(
                new Case("grows into the surge", rolling(10, 2, 0), sets(10, 10, 0, 0), Map.of("v2", 2)),
                new Case("grows by what the old sets left free", rolling(10, 2, 0), sets(5, 5, 0, 0), Map.of("v2", 7)),
                new Case("grows no further than wanted", rolling(10, 5, 0), sets(3, 3, 6, 6), Map.of("v2", 10)),
                new Case(
                        "shrinks a newest set that is too big",
                        rolling(10, 2, 0),
                        sets(0, 0, 11, 11),
                        Map.of("v2", 10)),
                new Case("waits while the new pods are not available", rolling(10, 2, 0), sets(10, 10, 2, 0), Map.of()),
                new Case("takes an old pod for each new one", rolling(10, 2, 0), sets(10, 10, 2, 2), Map.of("v1", 8)),
                new Case(
                        "may lack pods when it may not have more",
                        rolling(10, 0, 2),
                        sets(10, 10, 0, 0),
                        Map.of("v1", 8)),
                new Case(
                        "lacks one pod when it may do neither", rolling(10, 0, 0), sets(10, 10, 0, 0), Map.of("v1", 9)),
                new Case("drops sick old pods first", rolling(10, 0, 2), sets(10, 7, 0, 0), Map.of("v1", 8)),
                new Case(
                        "drops only sick pods while too few are well",
                        rolling(10, 0, 5),
                        sets(8, 2, 2, 0),
                        Map.of("v1", 5)),
                new Case(
                        "counts surge up and unavailable down",
                        rolling(10, "25%", "25%"),
                        sets(10, 10, 3, 0),
                        Map.of("v1", 8)),
                new Case("is done", rolling(10, 2, 0), sets(0, 0, 10, 10), Map.of()),
                new Case("recreate empties the old set", recreate(3), sets(3, 3, 0, 0, 3), Map.of("v1", 0)),
                new Case(
                        "recreate waits for old pods",
                        recreate(3),
                        List.of(emptied("v1", 2), set("v2", 0, 0, 3)),
                        Map.of()),
                new Case("recreate fills the new set", recreate(3), sets(0, 0, 0, 0, 3), Map.of("v2", 3)));
    }

    @ParameterizedTest
    @MethodSource("steps")
    void takesTheNextStep(Case given) {
        var plan = Rollout.plan(given.deployment(), given.sets(), Set.of(), NOW);

        assertThat(plan.create()).isEmpty();
        assertThat(sizes(plan)).isEqualTo(given.then());
    }

    @Test
    void createsTheFirstSetInItsFullSize() {
        var plan = Rollout.plan(rolling(3, 1, 0), List.of(), Set.of(), NOW);

        assertThat(plan.create()).hasValueSatisfying(created -> {
            String hash = created.getMetadata().getLabels().get("pod-template-hash");
            assertThat(created.getMetadata().getName()).isEqualTo("web-" + hash);
            assertThat(hash).matches("[bcdfghjklmnpqrstvwxz2456789]{1,10}");
            assertThat(created.getSpec().getReplicas()).isEqualTo(3);
            assertThat(created.getSpec().getSelector().getMatchLabels())
                    .containsEntry("app", "web")
                    .containsEntry("pod-template-hash", hash);
            assertThat(created.getMetadata().getAnnotations())
                    .containsEntry(Revisions.REVISION, "1")
                    .containsEntry(Revisions.DESIRED, "3")
                    .containsEntry(Revisions.MAX, "4");
        });
        assertThat(plan.revision()).contains("1");
        assertThat(plan.status().orElseThrow().getConditions())
                .extracting(
                        condition -> condition.getType() + "=" + condition.getStatus() + " " + condition.getReason())
                .containsExactlyInAnyOrder(
                        "Progressing=True NewReplicaSetCreated", "Available=False MinimumReplicasUnavailable");
    }

    @Test
    void startsANewRevisionWithinTheBudgetInOneStep() {
        var plan = Rollout.plan(rolling(10, "25%", "25%"), List.of(set("v1", 10, 10, 10)), Set.of(), NOW);

        assertThat(plan.create().orElseThrow().getSpec().getReplicas()).isEqualTo(3);
        assertThat(sizes(plan)).isEqualTo(Map.of("v1", 8));
        assertThat(plan.revision()).contains("2");
    }

    @Test
    void givesAReturningSetTheNextRevisionAndItsOldOneAsHistory() {
        var plan = Rollout.plan(rolling(3, 1, 0), List.of(set("v3", 3, 3, 3), set("v2", 0, 0, 3)), Set.of(), NOW);

        var returning = plan.updates().getFirst().after();
        assertThat(returning.getMetadata().getName()).isEqualTo("web-v2");
        assertThat(returning.getMetadata().getAnnotations())
                .containsEntry(Revisions.REVISION, "4")
                .containsEntry(Revisions.HISTORY, "2");
        assertThat(plan.revision()).contains("4");
    }

    @Test
    void copiesItsAnnotationsButNotTheOnesThatAreItsOwn() {
        var deployment = rolling(3, 1, 0);
        deployment
                .getMetadata()
                .setAnnotations(Map.of(
                        "kubernetes.io/change-cause",
                        "because",
                        "kubectl.kubernetes.io/last-applied-configuration",
                        "{}",
                        Revisions.REVISION,
                        "7"));

        var created =
                Rollout.plan(deployment, List.of(), Set.of(), NOW).create().orElseThrow();

        assertThat(created.getMetadata().getAnnotations())
                .containsEntry("kubernetes.io/change-cause", "because")
                .containsEntry(Revisions.REVISION, "1")
                .doesNotContainKey("kubectl.kubernetes.io/last-applied-configuration");
    }

    @Test
    void createsNothingWhilePaused() {
        var plan = Rollout.plan(Sample.paused(rolling(3, 1, 0), true), List.of(set("v1", 3, 3, 3)), Set.of(), NOW);

        assertThat(plan.create()).isEmpty();
        assertThat(sizes(plan)).isEmpty();
        assertThat(plan.status().orElseThrow().getConditions())
                .anySatisfy(condition -> assertThat(condition.getReason()).isEqualTo("DeploymentPaused"));
    }

    @Test
    void leavesEverythingWhileItIsBeingDeleted() {
        var leaving = rolling(3, 1, 0);
        leaving.getMetadata().setDeletionTimestamp(NOW.toString());

        var plan = Rollout.plan(leaving, List.of(set("v1", 5, 5, 5)), Set.of(), NOW);

        assertThat(plan.create()).isEmpty();
        assertThat(plan.updates()).isEmpty();
    }

    @Test
    void waitsForPodsThatStillRunBeforeItRecreates() {
        var plan = Rollout.plan(recreate(3), List.of(emptied("v1", 0)), Set.of("uid-v1"), NOW);

        assertThat(plan.create()).isEmpty();
    }

    @Test
    void forgetsTheOldestRevisionsBeyondTheLimitOnceItIsDone() {
        var deployment = rolling(3, 1, 0);
        deployment.getSpec().setRevisionHistoryLimit(1);
        var done = Sample.with(
                deployment,
                Rollout.plan(deployment, List.of(set("v2", 3, 3, 3)), Set.of(), NOW)
                        .status()
                        .orElseThrow());
        var sets = List.of(set("v2", 3, 3, 3), set("v5", 0, 0, 3), set("v4", 0, 0, 3), emptied("v3", 1));

        var plan = Rollout.plan(done, sets, Set.of(), NOW);

        // v3 is the oldest too, but still has a pod.
        assertThat(plan.delete()).extracting(set -> set.getMetadata().getName()).containsExactly("web-v4");
    }

    private static Map<String, Integer> sizes(DeploymentPlan plan) {
        var sizes = new TreeMap<String, Integer>();
        for (var update : plan.updates()) {
            if (update.resizes()) {
                sizes.put(
                        update.after().getMetadata().getName().substring("web-".length()),
                        update.after().getSpec().getReplicas());
            }
        }
        return sizes;
    }

    private static List<ReplicaSet> sets(int old, int oldAvailable, int newest, int newestAvailable) {
        return sets(old, oldAvailable, newest, newestAvailable, 10);
    }

    private static List<ReplicaSet> sets(int old, int oldAvailable, int newest, int newestAvailable, int desired) {
        return List.of(set("v1", old, oldAvailable, desired), set("v2", newest, newestAvailable, desired));
    }

    /// A set that shall have no pods, but still has some.
    private static ReplicaSet emptied(String image, int left) {
        return new ReplicaSetBuilder(set(image, 0, 0, 3))
                .editStatus()
                .withReplicas(left)
                .endStatus()
                .build();
    }
}
