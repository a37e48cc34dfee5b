package dev.kapal.controllers.story;

import dev.kapal.client.Key;
import dev.kapal.testkit.Conformance;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a budget allows follows its pods.
class BudgetStoryTest {
    @Test
    @Conformance("apps-pdb-observe-status")
    void aBudgetAllowsWhatItsPodsCanSpare(@TempDir Path directory) throws Exception {
        try (var town = Town.start(directory)) {
            town.api()
                    .create(new PodDisruptionBudgetBuilder()
                            .withNewMetadata()
                            .withNamespace("default")
                            .withName("web")
                            .endMetadata()
                            .withNewSpec()
                            .withMaxUnavailable(new IntOrString(1))
                            .withNewSelector()
                            .withMatchLabels(Map.of("app", "web"))
                            .endSelector()
                            .endSpec()
                            .build());
            allows(town, 0);

            town.api().create(Workloads.web(3, "web:1"));

            allows(town, 1);
        }
    }

    private static void allows(Town town, int disruptions) throws Exception {
        town.await(
                PodDisruptionBudget.class,
                "a budget that allows " + disruptions,
                all -> all.find(new Key("default", "web"))
                        .map(PodDisruptionBudget::getStatus)
                        .filter(status -> status.getObservedGeneration() != null)
                        .filter(status -> status.getDisruptionsAllowed() == disruptions)
                        .isPresent());
    }
}
