package dev.kapal.controllers.replicaset;

import static dev.kapal.controllers.Make.NOW;
import static dev.kapal.controllers.Make.names;
import static dev.kapal.controllers.Make.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.controllers.Make.PodMaker;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeletionOrderTest {
    private static final Instant LONG_AGO = NOW.minus(Duration.ofHours(10));
    private static final Instant JUST_NOW = NOW.minus(Duration.ofSeconds(10));

    private record Case(String name, PodMaker goes, PodMaker stays) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case("without a node", pod("b"), pod("a").on("n1")),
                new Case(
                        "pending before running",
                        pod("b").on("n1"),
                        pod("a").on("n1").phase("Running")),
                new Case(
                        "unknown before running",
                        pod("b").on("n1").phase("Unknown"),
                        pod("a").on("n1").phase("Running")),
                new Case(
                        "not ready before ready",
                        pod("b").on("n1").phase("Running").unready(),
                        pod("a").on("n1").ready(JUST_NOW)),
                new Case(
                        "cheaper before dearer",
                        pod("b").on("n1").ready(LONG_AGO).annotation(DeletionOrder.COST, "-5"),
                        pod("a").on("n1").ready(JUST_NOW)),
                new Case(
                        "a cost that is no number counts as none",
                        pod("a").on("n1").ready(LONG_AGO).annotation(DeletionOrder.COST, "cheap"),
                        pod("b").on("n1").ready(LONG_AGO)),
                new Case(
                        "ready for a shorter time",
                        pod("b").on("n1").ready(JUST_NOW),
                        pod("a").on("n1").ready(LONG_AGO)),
                new Case(
                        "more restarts",
                        pod("b").on("n1").ready(LONG_AGO).restarts(3),
                        pod("a").on("n1").ready(LONG_AGO).restarts(1)),
                new Case(
                        "younger",
                        pod("b").on("n1").ready(JUST_NOW).created(JUST_NOW),
                        pod("a").on("n1").ready(JUST_NOW).created(LONG_AGO)),
                new Case(
                        "of about one age, by uid",
                        pod("a").on("n1").ready(NOW.minusSeconds(100)),
                        pod("b").on("n1").ready(NOW.minusSeconds(99))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void deletesTheMoreExpendableFirst(Case given) {
        List<Pod> pods = List.of(given.stays().pod(), given.goes().pod());

        var first = DeletionOrder.first(1, pods, pods, NOW);

        assertThat(names(first))
                .containsExactly(given.goes().pod().getMetadata().getName());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void takesAllWhenAllMustGo(Case given) {
        List<Pod> pods = List.of(given.stays().pod(), given.goes().pod());

        assertThat(DeletionOrder.first(2, pods, pods, NOW)).hasSize(2);
    }

    @Test
    void spreadsWhatStaysByThePodsOfSiblingSets() {
        var crowded = pod("b").on("n1").ready(LONG_AGO).pod();
        var alone = pod("a").on("n2").ready(LONG_AGO).pod();
        var sibling = pod("c").on("n1").ready(LONG_AGO).pod();

        var first = DeletionOrder.first(1, List.of(alone, crowded), List.of(alone, crowded, sibling), NOW);

        assertThat(names(first)).containsExactly("b");
    }
}
