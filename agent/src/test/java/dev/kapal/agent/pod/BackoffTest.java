package dev.kapal.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final Instant START = Instant.parse("2025-01-01T00:00:00Z");

    private final Backoff backoff = new Backoff();

    @Test
    void theFirstRestartIsAtOnceAndLaterOnesDoubleUpToFiveMinutes() {
        var now = START;
        var delays = new ArrayList<Long>();
        for (int i = 0; i < 8; i++) {
            var ended = now;
            var wait = backoff.pending("c", ended, now);
            delays.add(wait.map(w -> w.delay().toSeconds()).orElse(0L));
            now = now.plus(wait.map(Backoff.Wait::left).orElse(Duration.ZERO));
            backoff.restarted("c", ended, now);
        }
        assertThat(delays).containsExactly(0L, 10L, 20L, 40L, 80L, 160L, 300L, 300L);
    }

    @Test
    void aContainerThatRanForTenMinutesBeginsAnew() {
        backoff.restarted("c", START, START);
        backoff.restarted("c", START.plusSeconds(10), START.plusSeconds(10));
        var ended = START.plusSeconds(10).plus(Duration.ofMinutes(11));
        assertThat(backoff.pending("c", ended, ended)).isEmpty();
        backoff.restarted("c", ended, ended);
        assertThat(backoff.pending("c", ended, ended).orElseThrow().delay()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void aDelayCountsFromTheEndOfTheContainer() {
        backoff.restarted("c", START, START);
        var ended = START.plusSeconds(30);
        assertThat(backoff.pending("c", ended, ended.plusSeconds(4))
                        .orElseThrow()
                        .left())
                .isEqualTo(Duration.ofSeconds(6));
        assertThat(backoff.pending("c", ended, ended.plusSeconds(10))).isEmpty();
        assertThat(backoff.pending("other", ended, ended)).isEmpty();
    }
}
