package dev.kapal.controllers.deployment;

import static dev.kapal.controllers.Make.NOW;
import static dev.kapal.controllers.deployment.Sample.rolling;
import static dev.kapal.controllers.deployment.Sample.set;
import static dev.kapal.controllers.deployment.Sample.sizedFor;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProportionsTest {
    private record Case(String name, Deployment deployment, List<ReplicaSet> sets, List<Integer> then) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case("a single set takes it all", rolling(12, 0, 1), List.of(was(10, "v2", 10)), List.of(12)),
                new Case(
                        "shares growth evenly",
                        rolling(20, 0, 1),
                        List.of(was(10, "v1", 5), was(10, "v2", 5)),
                        List.of(10, 10)),
                new Case(
                        "shares growth in proportion",
                        rolling(10, 0, 1),
                        List.of(was(5, "v1", 3), was(5, "v2", 2)),
                        List.of(6, 4)),
                new Case(
                        "gives what rounding leaves to the biggest",
                        rolling(12, 0, 1),
                        List.of(was(10, "v1", 8), was(10, "v2", 2)),
                        List.of(10, 2)),
                new Case(
                        "shares a loss in proportion",
                        rolling(5, 0, 1),
                        List.of(was(10, "v1", 6), was(10, "v2", 4)),
                        List.of(3, 2)),
                new Case("empties all", rolling(0, 0, 1), List.of(was(10, "v1", 6), was(10, "v2", 4)), List.of(0, 0)),
                new Case(
                        "counts the surge",
                        rolling(20, 2, 0),
                        List.of(sizedFor(set("v1", 8, 8, 10), 10, 12), sizedFor(set("v2", 4, 4, 10), 10, 12)),
                        List.of(15, 7)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void keepsTheProportions(Case given) {
        var plan = Rollout.plan(given.deployment(), given.sets(), Set.of(), NOW);

        var sizes = given.sets().stream()
                .map(set -> plan.updates().stream()
                        .filter(update -> update.before().equals(set))
                        .map(update -> update.after().getSpec().getReplicas())
                        .findFirst()
                        .orElse(set.getSpec().getReplicas()))
                .toList();
        assertThat(sizes).isEqualTo(given.then());
        assertThat(plan.updates())
                .allSatisfy(update -> assertThat(update.after().getMetadata().getAnnotations())
                        .containsEntry(
                                Revisions.DESIRED,
                                given.deployment().getSpec().getReplicas().toString()));
    }

    private static ReplicaSet was(int desired, String image, int replicas) {
        return set(image, replicas, replicas, desired);
    }
}
