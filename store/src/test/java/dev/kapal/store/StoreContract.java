package dev.kapal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.store.Store.Batch;
import dev.kapal.store.Store.Entry;
import dev.kapal.store.Store.Event;
import dev.kapal.store.Store.Expect;
import dev.kapal.store.Store.Read;
import dev.kapal.store.Store.Write;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What every store promises. Each implementation runs all of it.
@Timeout(60)
interface StoreContract {
    Duration SOON = Duration.ofSeconds(20);
    Duration AT_ONCE = Duration.ZERO;

    /// A new, empty store. The test closes it.
    Store open();

    @Test
    default void startsEmptyAtRevisionZero() {
        try (var store = open()) {
            assertThat(store.revision()).isZero();
            assertThat(store.compacted()).isZero();
            assertThat(store.get("/a")).isEmpty();
            assertThat(keys(store.range(Range.ALL, 0, 0))).isEmpty();
        }
    }

    @Test
    default void numbersEveryChange() throws Exception {
        try (var store = open()) {
            assertThat(revision(store.put("/a", bytes("1"), Expect.ABSENT))).isEqualTo(1);
            assertThat(revision(store.put("/b", bytes("1"), Expect.ANY))).isEqualTo(2);
            assertThat(revision(store.put("/a", bytes("2"), Expect.at(1)))).isEqualTo(3);
            assertThat(revision(store.delete("/b", Expect.at(2)))).isEqualTo(4);
            assertThat(store.revision()).isEqualTo(4);
        }
    }

    @Test
    default void remembersWhenAKeyWasCreatedAndLastChanged() throws Exception {
        try (var store = open()) {
            store.put("/a", bytes("1"), Expect.ABSENT);
            store.put("/a", bytes("2"), Expect.ANY);
            assertThat(store.get("/a")).hasValueSatisfying(is("/a", "2", 1, 2));
            store.delete("/a", Expect.ANY);
            store.put("/a", bytes("3"), Expect.ABSENT);
            assertThat(store.get("/a")).hasValueSatisfying(is("/a", "3", 4, 4));
        }
    }

    @Test
    default void refusesAPutThatExpectsSomethingElse() throws Exception {
        try (var store = open()) {
            assertThat(store.put("/a", bytes("1"), Expect.at(7))).isEqualTo(new Write.Stale(Optional.empty(), 0));
            store.put("/a", bytes("1"), Expect.ABSENT);
            assertThat(store.put("/a", bytes("2"), Expect.ABSENT)).isInstanceOfSatisfying(Write.Stale.class, stale -> {
                assertThat(stale.current()).hasValueSatisfying(is("/a", "1", 1, 1));
                assertThat(stale.at()).isEqualTo(1);
            });
            assertThat(store.put("/a", bytes("2"), Expect.at(9))).isInstanceOf(Write.Stale.class);
            assertThat(store.revision()).isEqualTo(1);
        }
    }

    @Test
    default void deletesOnlyWhatIsThere() throws Exception {
        try (var store = open()) {
            assertThat(store.delete("/a", Expect.ANY)).isEqualTo(new Write.Stale(Optional.empty(), 0));
            store.put("/a", bytes("1"), Expect.ANY);
            assertThat(store.delete("/a", Expect.at(9))).isInstanceOf(Write.Stale.class);
            assertThat(store.delete("/a", Expect.ABSENT)).isInstanceOf(Write.Stale.class);
            assertThat(store.delete("/a", Expect.at(1))).isInstanceOfSatisfying(Write.Done.class, done -> {
                assertThat(done.previous()).hasValueSatisfying(is("/a", "1", 1, 1));
            });
            assertThat(store.get("/a")).isEmpty();
            assertThat(store.delete("/a", Expect.ANY)).isEqualTo(new Write.Stale(Optional.empty(), 2));
        }
    }

    @Test
    default void readsARangeInKeyOrder() throws Exception {
        try (var store = open()) {
            for (var key : List.of("/p/b", "/p/a/x", "/p/a", "/q/a", "/o/z", "/p/a-b", "/p/é", "/p/aa")) {
                store.put(key, bytes(key), Expect.ANY);
            }
            assertThat(keys(store.range(Range.prefix("/p/"), 0, 0)))
                    .containsExactly("/p/a", "/p/a-b", "/p/a/x", "/p/aa", "/p/b", "/p/é");
            assertThat(keys(store.range(Range.prefix("/p/a"), 0, 0)))
                    .containsExactly("/p/a", "/p/a-b", "/p/a/x", "/p/aa");
            assertThat(keys(store.range(Range.single("/p/a"), 0, 0))).containsExactly("/p/a");
            assertThat(keys(store.range(new Range("/p/b", Optional.of("/q/a")), 0, 0)))
                    .containsExactly("/p/b", "/p/é");
            assertThat(keys(store.range(Range.ALL, 0, 0))).hasSize(8);
        }
    }

    @Test
    default void continuesALimitedRangeAtItsRevision() throws Exception {
        try (var store = open()) {
            for (var key : List.of("/a", "/b", "/c", "/d", "/e")) {
                store.put(key, bytes("old"), Expect.ANY);
            }
            var first = (Read.Page) store.range(Range.ALL, 0, 2);
            assertThat(keys(first)).containsExactly("/a", "/b");
            assertThat(first.more()).isTrue();
            assertThat(first.remaining()).isEqualTo(3);
            assertThat(first.revision()).isEqualTo(5);

            store.put("/bb", bytes("new"), Expect.ANY);
            store.put("/c", bytes("new"), Expect.ANY);
            store.delete("/d", Expect.ANY);
            var rest = (Read.Page) store.range(Range.ALL.after("/b"), first.revision(), 3);
            assertThat(keys(rest)).containsExactly("/c", "/d", "/e");
            assertThat(rest.entries())
                    .allSatisfy(entry -> assertThat(text(entry)).isEqualTo("old"));
            assertThat(rest.more()).isFalse();
            assertThat(rest.remaining()).isZero();
            assertThat(rest.revision()).isEqualTo(5);
        }
    }

    @Test
    default void readsThePastThroughManyVersions() throws Exception {
        try (var store = open()) {
            for (int i = 1; i <= 50; i++) {
                store.put("/hot", bytes("v" + i), Expect.ANY);
            }
            store.put("/last", bytes("x"), Expect.ANY);
            for (long at : List.of(1, 7, 49, 50)) {
                assertThat(((Read.Page) store.range(Range.ALL, at, 0)).entries())
                        .singleElement()
                        .satisfies(is("/hot", "v" + at, 1, at));
            }
            assertThat(keys(store.range(Range.ALL, 51, 0))).containsExactly("/hot", "/last");
        }
    }

    @Test
    default void saysThatTheFutureHasNotHappened() throws Exception {
        try (var store = open()) {
            store.put("/a", bytes("1"), Expect.ANY);
            assertThat(store.range(Range.ALL, 2, 0)).isEqualTo(new Read.Future(1));
        }
    }

    @Test
    default void forgetsThePastWhenCompacted() throws Exception {
        try (var store = open()) {
            store.put("/a", bytes("1"), Expect.ANY);
            store.put("/b", bytes("1"), Expect.ANY);
            store.put("/a", bytes("2"), Expect.ANY);
            store.delete("/b", Expect.ANY);
            store.put("/a", bytes("3"), Expect.ANY);
            store.compact(4);
            store.compact(2);
            assertThat(store.compacted()).isEqualTo(4);
            assertThat(store.revision()).isEqualTo(5);
            assertThat(store.range(Range.ALL, 3, 0)).isEqualTo(new Read.Compacted(4));
            assertThat(((Read.Page) store.range(Range.ALL, 4, 0)).entries())
                    .singleElement()
                    .satisfies(is("/a", "2", 1, 3));
            assertThat(store.get("/a")).hasValueSatisfying(is("/a", "3", 1, 5));
            assertThatThrownBy(() -> store.compact(6)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    default void goesOnCountingWhenEverythingIsCompacted() throws Exception {
        try (var store = open()) {
            store.put("/a", bytes("1"), Expect.ANY);
            store.delete("/a", Expect.ANY);
            store.compact(2);
            assertThat(keys(store.range(Range.ALL, 0, 0))).isEmpty();
            assertThat(revision(store.put("/a", bytes("2"), Expect.ABSENT))).isEqualTo(3);
        }
    }

    @Test
    default void compactsMoreThanOnePage() throws Exception {
        try (var store = open()) {
            for (int i = 0; i < 3000; i++) {
                store.put("/k" + i % 7, bytes("v" + i), Expect.ANY);
            }
            store.compact(2999);
            assertThat(keys(store.range(Range.ALL, 2999, 0))).hasSize(7);
            assertThat(text(store.get("/k" + 2999 % 7).orElseThrow())).isEqualTo("v2999");
        }
    }

    @Test
    default void tellsAWatchWhatHappensUnderItsPrefix() throws Exception {
        try (var store = open();
                var watch = store.watch("/p/", 0)) {
            assertThat(watch.next(AT_ONCE)).isEqualTo(new Batch.Progress(0));
            store.put("/p/a", bytes("1"), Expect.ANY);
            store.put("/q/a", bytes("1"), Expect.ANY);
            store.put("/p/a", bytes("2"), Expect.ANY);
            store.delete("/p/a", Expect.ANY);
            var events = collect(watch, 3);
            assertThat(events).extracting(Event::revision).containsExactly(1L, 3L, 4L);
            assertThat(events.get(0).isCreate()).isTrue();
            assertThat(events.get(1).entry()).hasValueSatisfying(is("/p/a", "2", 1, 3));
            assertThat(events.get(1).previous()).hasValueSatisfying(is("/p/a", "1", 1, 1));
            assertThat(events.get(2).isDelete()).isTrue();
            assertThat(events.get(2).previous()).hasValueSatisfying(is("/p/a", "2", 1, 3));
            assertThat(watch.next(AT_ONCE)).isEqualTo(new Batch.Progress(4));
        }
    }

    @Test
    default void watchesFromTheMiddleOfThePast() throws Exception {
        try (var store = open()) {
            store.put("/a", bytes("1"), Expect.ANY);
            store.put("/a", bytes("2"), Expect.ANY);
            store.put("/a", bytes("3"), Expect.ANY);
            try (var watch = store.watch("/", 1)) {
                var past = collect(watch, 2);
                assertThat(past).extracting(Event::revision).containsExactly(2L, 3L);
                assertThat(past.getFirst().previous()).hasValueSatisfying(is("/a", "1", 1, 1));
                store.delete("/a", Expect.ANY);
                assertThat(collect(watch, 1)).extracting(Event::revision).containsExactly(4L);
            }
        }
    }

    @Test
    default void reportsProgressPastChangesElsewhere() throws Exception {
        try (var store = open();
                var watch = store.watch("/p/", 0)) {
            assertThat(watch.next(AT_ONCE)).isEqualTo(new Batch.Progress(0));
            store.put("/q/a", bytes("1"), Expect.ANY);
            assertThat(watch.next(AT_ONCE)).isEqualTo(new Batch.Progress(1));
        }
    }

    @Test
    default void tellsAWatchThatItsStartIsForgotten() throws Exception {
        try (var store = open()) {
            store.put("/a", bytes("1"), Expect.ANY);
            store.put("/a", bytes("2"), Expect.ANY);
            store.put("/a", bytes("3"), Expect.ANY);
            store.compact(2);
            try (var late = store.watch("/", 1);
                    var justInTime = store.watch("/", 2)) {
                assertThat(late.next(SOON)).isEqualTo(new Batch.Compacted(2));
                assertThat(late.next(SOON)).isEqualTo(new Batch.Compacted(2));
                assertThat(collect(justInTime, 1)).extracting(Event::revision).containsExactly(3L);
            }
        }
    }

    @Test
    default void losesNothingForASlowWatch() throws Exception {
        try (var store = open();
                var slow = store.watch("/p/", 0)) {
            assertThat(slow.next(AT_ONCE)).isEqualTo(new Batch.Progress(0));
            int writes = 6000;
            in16Threads(i -> store.put("/p/" + i, bytes("x"), Expect.ANY), writes);
            var revisions = collect(slow, writes).stream().map(Event::revision).toList();
            assertThat(revisions).hasSize(writes).isSorted().doesNotHaveDuplicates();
            store.put("/p/0", bytes("y"), Expect.ANY);
            assertThat(collect(slow, 1)).extracting(Event::revision).containsExactly(writes + 1L);
        }
    }

    @Test
    default void letsOneOfManyWritersWin() throws Exception {
        try (var store = open()) {
            store.put("/counter", bytes("0"), Expect.ANY);
            in16Threads(
                    i -> {
                        while (true) {
                            var now = store.get("/counter").orElseThrow();
                            var next = bytes(Integer.toString(Integer.parseInt(text(now)) + 1));
                            if (store.put("/counter", next, Expect.at(now.modRevision())) instanceof Write.Done) {
                                return null;
                            }
                        }
                    },
                    320);
            assertThat(store.get("/counter")).hasValueSatisfying(is("/counter", "320", 1, 321));
        }
    }

    @Test
    default void showsAWriteToReadsAsSoonAsItIsAnswered() throws Exception {
        try (var store = open()) {
            in16Threads(
                    i -> {
                        var done = (Write.Done) store.put("/k" + i, bytes("v"), Expect.ABSENT);
                        assertThat(store.revision()).isGreaterThanOrEqualTo(done.revision());
                        assertThat(store.get("/k" + i)).isPresent();
                        return null;
                    },
                    200);
        }
    }

    @Test
    default void refusesKeysItCannotKeep() {
        try (var store = open()) {
            assertThatThrownBy(() -> store.put("", bytes("x"), Expect.ANY))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> store.put("/a\0b", bytes("x"), Expect.ANY))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    default void endsWatchesAndRefusesWritesOnceClosed() throws Exception {
        var store = open();
        var watch = store.watch("/", 0);
        watch.next(AT_ONCE);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var waiting = threads.submit(() -> watch.next(SOON));
            store.close();
            assertThatThrownBy(waiting::get).hasCauseInstanceOf(StoreClosedException.class);
        }
        assertThatThrownBy(() -> store.put("/a", bytes("1"), Expect.ANY)).isInstanceOf(StoreClosedException.class);
        store.close();
    }

    /// Work for one of many threads; `i` counts all of them through.
    interface Work {
        Object call(int i) throws Exception;
    }

    static void in16Threads(Work work, int times) throws Exception {
        try (var threads = Executors.newFixedThreadPool(16)) {
            var calls = new ArrayList<Callable<Object>>();
            for (int i = 0; i < times; i++) {
                int number = i;
                calls.add(() -> work.call(number));
            }
            for (var answer : threads.invokeAll(calls)) {
                answer.get();
            }
        }
    }

    /// The next `count` events; fails when something else comes.
    static List<Event> collect(Store.Watch watch, int count) throws InterruptedException {
        var events = new ArrayList<Event>();
        while (events.size() < count) {
            switch (watch.next(SOON)) {
                case Batch.Events(List<Event> more) -> events.addAll(more);
                case Batch.Progress progress -> throw new AssertionError(progress + " after " + events);
                case Batch.Compacted compacted -> throw new AssertionError(compacted + " after " + events);
            }
        }
        return events;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(Entry entry) {
        return new String(entry.value(), StandardCharsets.UTF_8);
    }

    static long revision(Write write) {
        return ((Write.Done) write).revision();
    }

    static List<String> keys(Read read) {
        return ((Read.Page) read).entries().stream().map(Entry::key).toList();
    }

    static Consumer<Entry> is(String key, String value, long created, long modified) {
        return entry -> {
            assertThat(entry.key()).isEqualTo(key);
            assertThat(text(entry)).isEqualTo(value);
            assertThat(entry.createRevision()).isEqualTo(created);
            assertThat(entry.modRevision()).isEqualTo(modified);
        };
    }
}
