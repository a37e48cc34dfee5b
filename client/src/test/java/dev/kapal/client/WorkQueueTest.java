package dev.kapal.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.base.metric.Metrics;
import dev.kapal.testkit.FakeTime;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class WorkQueueTest {
    private final FakeTime time = new FakeTime();
    private final Metrics metrics = new Metrics();
    private final WorkQueue<String> queue = new WorkQueue<>("test", time, metrics);

    @AfterEach
    void close() {
        queue.close();
    }

    @Test
    void holdsAKeyOnceHoweverOftenItIsAdded() throws InterruptedException {
        queue.add("a");
        queue.add("b");
        queue.add("a");

        assertThat(queue.waiting()).isEqualTo(2);
        assertThat(queue.take()).contains("a");
        assertThat(queue.take()).contains("b");
    }

    @Test
    void givesAKeyThatChangedDuringItsWorkAgainAfterwards() throws InterruptedException {
        queue.add("a");
        assertThat(queue.take()).contains("a");
        queue.add("a");
        assertThat(queue.waiting()).isZero();

        queue.done("a");

        assertThat(queue.take()).contains("a");
    }

    @Test
    void doublesTheDelayOfEachRetryUntilForgotten() throws InterruptedException {
        queue.retry("a");
        time.awaitSleepers(1);
        time.advance(Duration.ofMillis(5));
        assertThat(queue.take()).contains("a");
        queue.retry("a");
        queue.done("a");
        time.awaitSleepers(1);
        time.advance(Duration.ofMillis(9));
        assertThat(queue.waiting()).isZero();
        time.advance(Duration.ofMillis(1));
        assertThat(queue.take()).contains("a");
        queue.forget("a");
        queue.done("a");

        queue.retry("a");
        time.awaitSleepers(1);
        time.advance(Duration.ofMillis(5));
        assertThat(queue.take()).contains("a");
    }

    @Test
    void keepsOnlyTheEarliestDeadlineOfAKey() throws InterruptedException {
        queue.addAfter("a", Duration.ofSeconds(10));
        queue.addAfter("a", Duration.ofSeconds(1));
        queue.addAfter("a", Duration.ofSeconds(5));
        time.awaitSleepers(2);

        time.advance(Duration.ofSeconds(1));

        assertThat(queue.take()).contains("a");
        queue.done("a");
        time.advance(Duration.ofSeconds(20));
        queue.add("marker");
        assertThat(queue.take()).contains("marker");
    }

    @Test
    void letsWorkersGoWhenItCloses() throws InterruptedException {
        queue.add("a");
        queue.close();

        assertThat(queue.take()).isEmpty();
    }

    @Test
    void countsUnderUpstreamsNames() throws InterruptedException {
        queue.add("a");
        assertThat(metrics.exposition())
                .contains("workqueue_depth{name=\"test\"} 1")
                .contains("workqueue_adds_total{name=\"test\"} 1")
                .contains("workqueue_retries_total{name=\"test\"} 0");

        assertThat(queue.take()).contains("a");
        time.advance(Duration.ofSeconds(2));

        assertThat(metrics.exposition())
                .contains("workqueue_unfinished_work_seconds{name=\"test\"} 2")
                .contains("workqueue_longest_running_processor_seconds{name=\"test\"} 2");
    }
}
