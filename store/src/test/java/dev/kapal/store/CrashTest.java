package dev.kapal.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.store.CrashWriter.Step;
import dev.kapal.store.Store.Batch;
import dev.kapal.store.Store.Entry;
import dev.kapal.store.Store.Event;
import dev.kapal.store.Store.Read;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kills a writing process with SIGKILL at random instants and looks at what it left. Replay the instants of a failure
/// with `-Dcrash.seed=N`; how many rounds: `-Dcrash.rounds=N`.
class CrashTest {
    private static final int LANES = 2;
    private static final long SEED = Long.getLong("crash.seed", System.nanoTime());
    private static final int ROUNDS = Integer.getInteger("crash.rounds", 200);

    @TempDir
    Path directory;

    @Test
    void keepsEveryAcknowledgedWriteOfAKilledProcess() throws Exception {
        System.out.println("crash.seed=" + SEED);
        var lanes = new ArrayList<Callable<Long>>();
        for (int lane = 0; lane < LANES; lane++) {
            var run = new Lane(directory.resolve("store-" + lane), new Random(SEED + lane));
            lanes.add(() -> run.crash(ROUNDS / LANES));
        }
        try (var threads = Executors.newFixedThreadPool(LANES)) {
            for (var lane : threads.invokeAll(lanes)) {
                assertThat(lane.get()).as("acknowledged writes").isPositive();
            }
        }
    }

    /// One store that is killed again and again.
    private static final class Lane {
        private final Path store;
        private final Random random;
        /// What must be there, by revision: all that was ever acknowledged.
        private final TreeMap<Long, Step> acknowledged = new TreeMap<>();

        private long nextStep;

        Lane(Path store, Random random) {
            this.store = store;
            this.random = random;
        }

        long crash(int rounds) throws Exception {
            for (int round = 0; round < rounds; round++) {
                var acks = writeAndKill();
                long before = acknowledged.isEmpty() ? 0 : acknowledged.lastKey();
                assertThat(acks)
                        .allSatisfy((revision, step) -> assertThat(revision).isGreaterThan(before));
                acknowledged.putAll(acks);
                acks.values().forEach(step -> nextStep = Math.max(nextStep, step.number()));
                // Steps in flight were not acknowledged; no later process may write the same ones.
                nextStep += 2;
                verify(before);
            }
            verify(0);
            return acknowledged.size();
        }

        private Map<Long, Step> writeAndKill() throws Exception {
            var process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-Xshare:auto",
                            "-Xmx64m",
                            "--enable-native-access=ALL-UNNAMED",
                            "-cp",
                            System.getProperty("java.class.path"),
                            CrashWriter.class.getName(),
                            store.toString(),
                            Long.toString(nextStep))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            var writing = new CompletableFuture<Void>();
            var acks = CompletableFuture.supplyAsync(() -> read(process.inputReader(), writing));
            if (random.nextInt(5) > 0) {
                writing.get(30, TimeUnit.SECONDS);
            }
            boolean ended = process.waitFor(random.nextInt(60_000), TimeUnit.MICROSECONDS);
            assertThat(ended).as("the writer ended by itself").isFalse();
            // Through the handle: the process itself would also close the pipe that we still read.
            process.toHandle().destroyForcibly();
            process.waitFor();
            return acks.get(30, TimeUnit.SECONDS);
        }

        private static Map<Long, Step> read(BufferedReader lines, CompletableFuture<Void> writing) {
            var acks = new TreeMap<Long, Step>();
            try (lines) {
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    String[] words = line.split(" ");
                    acks.put(Long.valueOf(words[2]), new Step(Integer.parseInt(words[0]), Long.parseLong(words[1])));
                    writing.complete(null);
                }
                return acks;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                writing.complete(null);
            }
        }

        private void verify(long after) throws InterruptedException {
            try (var opened = EmbeddedStore.open(store)) {
                long from = Math.max(after, opened.compacted());
                var log = log(opened, from);
                assertThat(opened.revision())
                        .isGreaterThanOrEqualTo(acknowledged.isEmpty() ? 0 : acknowledged.lastKey());
                for (int i = 0; i < log.size(); i++) {
                    assertThat(log.get(i).revision()).isEqualTo(from + 1 + i);
                    log.get(i).value().ifPresent(Lane::assertWhole);
                }
                acknowledged.tailMap(from, false).forEach((revision, step) -> {
                    var event = log.get((int) (revision - from - 1));
                    assertThat(event.key()).isEqualTo(step.key());
                    assertThat(event.value().isPresent()).isEqualTo(step.value().isPresent());
                    event.value().ifPresent(value -> assertThat(Step.of(value)).isEqualTo(step));
                });
                assertNewest(opened);
            }
        }

        /// Nothing is older than what was acknowledged last for its key.
        private void assertNewest(Store opened) {
            var entries = new HashMap<String, Entry>();
            for (var entry : ((Read.Page) opened.range(Range.ALL, 0, 0)).entries()) {
                assertWhole(entry.value());
                entries.put(entry.key(), entry);
            }
            var newest = new HashMap<String, Long>();
            acknowledged.forEach((revision, step) -> newest.put(step.key(), revision));
            newest.forEach((key, revision) -> {
                var entry = entries.get(key);
                boolean mayBeGone = acknowledged.get(revision).value().isEmpty() || deletedAfter(opened, key, revision);
                assertThat(entry != null && entry.modRevision() >= revision || entry == null && mayBeGone)
                        .as("%s at %s is %s", key, revision, entry)
                        .isTrue();
            });
        }

        /// A delete that was under way when the process died may have happened.
        private static boolean deletedAfter(Store opened, String key, long revision) {
            return log(opened, Math.max(revision, opened.compacted())).stream()
                    .anyMatch(event -> event.key().equals(key) && event.isDelete());
        }

        private static void assertWhole(byte[] value) {
            assertThat(value).isEqualTo(Step.of(value).value().orElseThrow());
        }

        private static List<Event> log(Store opened, long after) {
            var events = new ArrayList<Event>();
            try (var watch = opened.watch("", after)) {
                while (true) {
                    switch (watch.next(Duration.ZERO)) {
                        case Batch.Events(List<Event> more) -> events.addAll(more);
                        case Batch.Progress progress -> {
                            return events;
                        }
                        case Batch.Compacted compacted -> throw new AssertionError(compacted);
                    }
                }
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
