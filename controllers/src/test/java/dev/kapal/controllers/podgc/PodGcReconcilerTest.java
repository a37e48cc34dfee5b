package dev.kapal.controllers.podgc;

import static dev.kapal.controllers.Make.NOW;
import static dev.kapal.controllers.Make.names;
import static dev.kapal.controllers.Make.pod;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PodGcReconcilerTest {
    @Test
    void dropsTheOldestEndedPodsBeyondTheLimit() {
        var pods = List.of(
                pod("new").phase("Succeeded").created(NOW).pod(),
                pod("old").phase("Failed").created(NOW.minusSeconds(100)).pod(),
                pod("running").phase("Running").created(NOW.minusSeconds(500)).pod(),
                pod("going")
                        .phase("Failed")
                        .created(NOW.minusSeconds(500))
                        .terminating()
                        .pod(),
                pod("older").phase("Succeeded").created(NOW.minusSeconds(200)).pod());

        assertThat(names(PodGcReconciler.surplus(pods, 1))).containsExactly("older", "old");
        assertThat(PodGcReconciler.surplus(pods, 3)).isEmpty();
    }
}
