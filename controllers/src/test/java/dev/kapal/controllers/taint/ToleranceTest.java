package dev.kapal.controllers.taint;

import static dev.kapal.controllers.Make.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.TaintBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ToleranceTest {
    private static final Taint GONE = taint("gone", "");
    private static final Taint RED = taint("colour", "red");

    private record Case(String name, List<Taint> taints, List<Toleration> tolerations, Optional<Duration> limit) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        var forever = exists("gone").build();
        var minute = exists("gone").withTolerationSeconds(60L).build();
        return Stream.of(
                new Case("none", List.of(GONE), List.of(), Optional.of(Duration.ZERO)),
                new Case("for ever", List.of(GONE), List.of(forever), Optional.empty()),
                new Case("for a minute", List.of(GONE), List.of(minute), Optional.of(Duration.ofMinutes(1))),
                new Case(
                        "the shortest counts",
                        List.of(GONE),
                        List.of(forever, minute),
                        Optional.of(Duration.ofMinutes(1))),
                new Case("only one of two", List.of(GONE, RED), List.of(forever), Optional.of(Duration.ZERO)),
                new Case("everything", List.of(GONE, RED), List.of(exists(null).build()), Optional.empty()),
                new Case("by value", List.of(RED), List.of(equal("red")), Optional.empty()),
                new Case("by another value", List.of(RED), List.of(equal("blue")), Optional.of(Duration.ZERO)),
                new Case(
                        "of another effect",
                        List.of(GONE),
                        List.of(exists("gone").withEffect("NoSchedule").build()),
                        Optional.of(Duration.ZERO)),
                new Case(
                        "for less than no time",
                        List.of(GONE),
                        List.of(exists("gone").withTolerationSeconds(-5L).build()),
                        Optional.of(Duration.ZERO)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void limitsTheStay(Case given) {
        Pod pod = new PodBuilder(pod("a").pod())
                .editSpec()
                .withTolerations(given.tolerations())
                .endSpec()
                .build();

        assertThat(Tolerance.of(pod, given.taints())).isEqualTo(given.limit());
    }

    private static Taint taint(String key, String value) {
        return new TaintBuilder()
                .withKey(key)
                .withValue(value)
                .withEffect("NoExecute")
                .build();
    }

    private static TolerationBuilder exists(String key) {
        return new TolerationBuilder().withKey(key).withOperator("Exists");
    }

    private static Toleration equal(String value) {
        return new TolerationBuilder().withKey("colour").withValue(value).build();
    }
}
