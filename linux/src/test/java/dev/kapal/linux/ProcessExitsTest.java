package dev.kapal.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProcessExitsTest {
    @Test
    void tellsEachEndOnce() throws Exception {
        try (var exits = ProcessExits.start()) {
            var first = new ProcessBuilder("sleep", "1000").start();
            var second = new ProcessBuilder("sleep", "1000").start();
            var firstEnded = new CountDownLatch(1);
            var secondEnded = new CountDownLatch(1);
            assertThat(exits.onExit(first.pid(), firstEnded::countDown)).isTrue();
            assertThat(exits.onExit(second.pid(), secondEnded::countDown)).isTrue();
            first.destroyForcibly();
            assertThat(firstEnded.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(secondEnded.getCount()).isEqualTo(1);
            second.destroyForcibly();
            assertThat(secondEnded.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void knowsNothingOfAProcessThatIsNotThere() throws Exception {
        var gone = new ProcessBuilder("true").start();
        gone.waitFor();
        try (var exits = ProcessExits.start()) {
            assertThat(exits.onExit(gone.pid(), () -> {})).isFalse();
        }
    }

    @Test
    void endsWithoutWaitingForAnybody() throws Exception {
        var process = new ProcessBuilder("sleep", "1000").start();
        var exits = ProcessExits.start();
        exits.onExit(process.pid(), () -> {});
        exits.close();
        exits.close();
        process.destroyForcibly();
    }
}
