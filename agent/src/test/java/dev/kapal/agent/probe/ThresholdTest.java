package dev.kapal.agent.probe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThresholdTest {
    /// Outcomes (`+` success, `-` failure) and what the probe says after each (`.` nothing new).
    @ParameterizedTest
    @CsvSource({
        "1, 3, +----+, +..--+",
        "1, 1, +-+-,   +-+-",
        "2, 3, +-++,   ...+",
        "1, 2, --,     .-",
        "3, 3, ++-+++, .....+"
    })
    void onlyARunOfEqualOutcomesSaysAnything(int successes, int failures, String outcomes, String says) {
        var threshold = new Threshold(successes, failures);
        var said = new StringBuilder();
        for (char outcome : outcomes.toCharArray()) {
            said.append(
                    threshold.add(outcome == '+').map(good -> good ? '+' : '-').orElse('.'));
        }
        assertThat(said).hasToString(says);
    }
}
