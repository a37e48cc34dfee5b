package dev.kapal.controllers.disruption;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DisruptionPlanTest {
    private static final Instant NOW = Instant.parse("2025-01-01T00:00:00Z");

    private static Pod pod(String name, boolean ready) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewStatus()
                .addNewCondition()
                .withType("Ready")
                .withStatus(ready ? "True" : "False")
                .endCondition()
                .endStatus()
                .build();
    }

    private static PodDisruptionBudget budget(String field, String value) {
        var amount = value.endsWith("%") ? new IntOrString(value) : new IntOrString(Integer.parseInt(value));
        var spec = new PodDisruptionBudgetBuilder()
                .withNewMetadata()
                .withName("web")
                .withGeneration(3L)
                .endMetadata()
                .withNewSpec();
        return field.equals("minAvailable")
                ? spec.withMinAvailable(amount).endSpec().build()
                : spec.withMaxUnavailable(amount).endSpec().build();
    }

    @ParameterizedTest
    @CsvSource({
        // what is asked for, pods wanted, pods ready of three: desired, allowed
        "minAvailable, 2, 3, 3, 2, 1",
        "minAvailable, 2, 3, 2, 2, 0",
        "minAvailable, 50%, 3, 3, 2, 1",
        "minAvailable, 100%, 3, 3, 3, 0",
        "maxUnavailable, 1, 3, 3, 2, 1",
        "maxUnavailable, 1, 4, 3, 3, 0",
        "maxUnavailable, 50%, 3, 3, 1, 2",
        "maxUnavailable, 0, 3, 3, 3, 0",
    })
    void allowsWhatIsLeft(String field, String value, int scale, int ready, int desired, int allowed) {
        var pods = List.of(pod("a", ready > 0), pod("b", ready > 1), pod("c", ready > 2));

        var status = DisruptionPlan.of(budget(field, value), pods, scale, NOW).status();

        assertThat(status.getDesiredHealthy()).isEqualTo(desired);
        assertThat(status.getDisruptionsAllowed()).isEqualTo(allowed);
        assertThat(status.getObservedGeneration()).isEqualTo(3);
        assertThat(status.getConditions().getFirst().getReason())
                .isEqualTo(allowed > 0 ? "SufficientPods" : "InsufficientPods");
    }

    @Test
    void countsAPodAsGoneOnceItsEvictionWasGranted() {
        var budget = new PodDisruptionBudgetBuilder(budget("minAvailable", "1"))
                .withNewStatus()
                .withDisruptedPods(Map.of("a", NOW.minusSeconds(60).toString()))
                .endStatus()
                .build();

        var plan = DisruptionPlan.of(budget, List.of(pod("a", true), pod("b", true)), 2, NOW);

        assertThat(plan.status().getDisruptionsAllowed()).isZero();
        assertThat(plan.status().getDisruptedPods()).containsOnlyKeys("a");
        assertThat(plan.again()).contains(Duration.ofSeconds(60));
    }

    @Test
    void believesThatAPodStaysThatHasNotGoneInTime() {
        var budget = new PodDisruptionBudgetBuilder(budget("minAvailable", "1"))
                .withNewStatus()
                .withDisruptedPods(Map.of("a", NOW.minusSeconds(121).toString()))
                .endStatus()
                .build();

        var plan = DisruptionPlan.of(budget, List.of(pod("a", true), pod("b", true)), 2, NOW);

        assertThat(plan.status().getDisruptionsAllowed()).isEqualTo(1);
        assertThat(plan.status().getDisruptedPods()).isEmpty();
    }

    @Test
    void allowsNothingWithoutPods() {
        assertThat(DisruptionPlan.of(budget("maxUnavailable", "1"), List.of(), 0, NOW)
                        .status()
                        .getDisruptionsAllowed())
                .isZero();
    }
}
