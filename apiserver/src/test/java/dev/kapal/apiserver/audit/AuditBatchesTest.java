package dev.kapal.apiserver.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.apiserver.audit.AuditBatching.Throttle;
import dev.kapal.base.metric.Metrics;
import dev.kapal.testkit.FakeTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AuditBatchesTest {
    private final FakeTime time = new FakeTime();
    private final Metrics metrics = new Metrics();
    private final BlockingQueue<Integer> sizes = new LinkedBlockingQueue<>();

    private AuditBatches batches(AuditBatching how) {
        return new AuditBatches(events -> sizes.add(events.size()), how, 16, metrics, time);
    }

    private static AuditBatching batching(int buffer, int size) {
        return new AuditBatching(buffer, size, Duration.ofSeconds(30), Optional.empty());
    }

    private static void write(AuditBatches batches, int count) {
        for (int i = 0; i < count; i++) {
            assertThat(batches.write("{}\n".getBytes(StandardCharsets.US_ASCII)))
                    .isTrue();
        }
    }

    private int next() throws InterruptedException {
        return Optional.ofNullable(sizes.poll(10, TimeUnit.SECONDS)).orElseThrow();
    }

    @Test
    void sendsAFullBatchAtOnceAndTheRestWhenItIsTime() throws Exception {
        try (var batches = batches(batching(100, 3))) {
            time.awaitSleepers(1);
            write(batches, 4);
            assertThat(next()).isEqualTo(3);
            time.advance(Duration.ofSeconds(30));
            assertThat(next()).isEqualTo(1);
        }
        assertThat(sizes).isEmpty();
    }

    @Test
    void sendsWhatWaitsWhenItIsClosed() {
        try (var batches = batches(batching(100, 400))) {
            write(batches, 7);
        }
        assertThat(sizes).containsExactly(7);
    }

    @Test
    void losesWhatThereIsNoRoomForAndCountsIt() throws Exception {
        try (var batches = batches(batching(5, 400))) {
            write(batches, 8);
        }
        assertThat(sizes).containsExactly(5);
        assertThat(metrics.exposition()).contains("apiserver_audit_error_total{plugin=\"buffered\"} 3");
    }

    @Test
    void aServerThatHangsHoldsUpNoRequest() throws Exception {
        var never = new CountDownLatch(1);
        AuditBatches.Target hanging = events -> {
            never.await();
            return true;
        };
        var batches = new AuditBatches(hanging, batching(10, 1), 16, metrics, time);
        try {
            write(batches, 100); // sixteen are under way, one is next, ten wait
            assertThat(metrics.exposition()).contains("apiserver_audit_error_total{plugin=\"buffered\"}");
        } finally {
            never.countDown();
            batches.close();
        }
    }

    @Test
    void sendsNoMoreBatchesThanTheThrottleAllows() throws Exception {
        var how = new AuditBatching(100, 1, Duration.ofHours(1), Optional.of(new Throttle(2, 3)));
        try (var batches = batches(how)) {
            time.awaitSleepers(1);
            write(batches, 5);
            time.awaitSleepers(2);
            assertThat(List.of(next(), next(), next())).containsOnly(1);
            assertThat(sizes).isEmpty();
            time.advance(Duration.ofMillis(500));
            assertThat(next()).isEqualTo(1);
            time.awaitSleepers(2);
            time.advance(Duration.ofMillis(500));
            assertThat(next()).isEqualTo(1);
        }
    }
}
