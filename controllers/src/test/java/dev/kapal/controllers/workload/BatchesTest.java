package dev.kapal.controllers.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class BatchesTest {
    @Test
    void callsEachItemOnce() throws InterruptedException {
        Set<Integer> called = ConcurrentHashMap.newKeySet();

        var result =
                Batches.slowStart(100, 1, item -> assertThat(called.add(item)).isTrue());

        assertThat(result.succeeded()).isEqualTo(100);
        assertThat(result.failure()).isEmpty();
        assertThat(called).hasSize(100);
    }

    @Test
    void stopsAfterTheBatchThatFailed() throws InterruptedException {
        Set<Integer> called = ConcurrentHashMap.newKeySet();

        // Batches of 1, 2, 4: the third has the first failures.
        var result = Batches.slowStart(100, 1, item -> {
            called.add(item);
            if (item >= 5) {
                throw new IllegalStateException("no more");
            }
        });

        assertThat(called).hasSize(7);
        assertThat(result.succeeded()).isEqualTo(5);
        assertThat(result.failure()).isPresent();
    }
}
