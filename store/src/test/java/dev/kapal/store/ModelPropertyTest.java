package dev.kapal.store;

import static dev.kapal.store.StoreContract.bytes;
import static dev.kapal.store.StoreContract.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.store.Store.Batch;
import dev.kapal.store.Store.Entry;
import dev.kapal.store.Store.Event;
import dev.kapal.store.Store.Expect;
import dev.kapal.store.Store.Read;
import dev.kapal.store.Store.Write;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/// Runs random calls against a store and against a list of all changes, which cannot be wrong in an interesting way.
class ModelPropertyTest {
    private static final List<String> KEYS = List.of("/a", "/a/b", "/a/c", "/a-", "/b", "/b/é", "/c");
    private static final List<String> PREFIXES = List.of("", "/", "/a", "/a/", "/b/", "/z");

    /// One call. `key` and `at` choose: the same numbers mean the same call on the same history.
    record Call(Kind kind, int key, int at) {}

    enum Kind {
        PUT,
        CREATE,
        UPDATE,
        DELETE,
        READ,
        WATCH,
        COMPACT,
        REOPEN
    }

    @Provide
    Arbitrary<List<Call>> calls() {
        var kinds = Arbitraries.frequencyOf(
                Tuple.of(10, Arbitraries.of(Kind.PUT, Kind.CREATE, Kind.UPDATE, Kind.DELETE)),
                Tuple.of(4, Arbitraries.of(Kind.READ, Kind.WATCH)),
                Tuple.of(1, Arbitraries.of(Kind.COMPACT, Kind.REOPEN)));
        return Combinators.combine(
                        kinds,
                        Arbitraries.integers().between(0, 1000),
                        Arbitraries.integers().between(0, 1000))
                .as(Call::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(60);
    }

    @Property(tries = 400)
    void memoryStoreAgreesWithTheModel(@ForAll("calls") List<Call> calls) throws Exception {
        new Run(MemoryStore::open, false).all(calls);
    }

    @Property(tries = 40)
    void embeddedStoreAgreesWithTheModel(@ForAll("calls") List<Call> calls) throws Exception {
        Path directory = Files.createTempDirectory("kapal-model");
        try {
            new Run(() -> EmbeddedStore.open(directory), true).all(calls);
        } finally {
            delete(directory);
        }
    }

    private static final class Run {
        private final Supplier<Store> opener;
        private final List<Event> history = new ArrayList<>();
        private final boolean reopens;
        private Store store;
        private long compacted;

        Run(Supplier<Store> opener, boolean reopens) {
            this.opener = opener;
            this.reopens = reopens;
            store = opener.get();
        }

        void all(List<Call> calls) throws InterruptedException {
            try {
                for (var call : calls) {
                    one(call);
                    assertThat(store.revision()).isEqualTo(history.size());
                    assertThat(store.compacted()).isEqualTo(compacted);
                }
            } finally {
                store.close();
            }
        }

        private void one(Call call) throws InterruptedException {
            String key = KEYS.get(call.key() % KEYS.size());
            var value = Optional.of(bytes("v" + history.size()));
            switch (call.kind()) {
                case PUT -> write(key, value, Expect.ANY);
                case CREATE -> write(key, value, Expect.ABSENT);
                case UPDATE -> write(key, value, Expect.at(call.at() % 3 == 0 ? call.at() : newest(key)));
                case DELETE -> write(key, Optional.empty(), call.at() % 4 == 0 ? Expect.at(newest(key)) : Expect.ANY);
                case READ -> read(PREFIXES.get(call.key() % PREFIXES.size()), past(call), call.at() % 4);
                case WATCH -> watch(PREFIXES.get(call.key() % PREFIXES.size()), past(call));
                case COMPACT -> {
                    store.compact(past(call));
                    compacted = Math.max(compacted, past(call));
                }
                case REOPEN -> {
                    if (reopens) {
                        store.close();
                        store = opener.get();
                    }
                }
            }
        }

        private long past(Call call) {
            return call.at() % (history.size() + 1);
        }

        private long newest(String key) {
            return Optional.ofNullable(stateAt(history.size()).get(key))
                    .map(Entry::modRevision)
                    .orElse(0L);
        }

        private void write(String key, Optional<byte[]> value, Expect expect) throws InterruptedException {
            var current = Optional.ofNullable(stateAt(history.size()).get(key));
            var write = value.isPresent() ? store.put(key, value.get(), expect) : store.delete(key, expect);
            boolean done = expect.holds(current) && (value.isPresent() || current.isPresent());
            switch (write) {
                case Write.Done(long revision, Optional<Entry> previous) -> {
                    assertThat(done).isTrue();
                    history.add(new Event(history.size() + 1, key, value, current));
                    assertThat(revision).isEqualTo(history.size());
                    assertThat(show(previous)).isEqualTo(show(current));
                }
                case Write.Stale(Optional<Entry> stored, long at) -> {
                    assertThat(done).isFalse();
                    assertThat(at).isEqualTo(history.size());
                    assertThat(show(stored)).isEqualTo(show(current));
                }
            }
        }

        private void read(String prefix, long at, int limit) {
            var read = store.range(Range.prefix(prefix), at, limit);
            if (at != 0 && at < compacted) {
                assertThat(read).isEqualTo(new Read.Compacted(compacted));
                return;
            }
            var expected = stateAt(at == 0 ? history.size() : at).values().stream()
                    .filter(entry -> entry.key().startsWith(prefix))
                    .map(Run::show)
                    .toList();
            var page = (Read.Page) read;
            int most = limit == 0 ? expected.size() : Math.min(limit, expected.size());
            assertThat(page.entries()).extracting(Run::show).isEqualTo(expected.subList(0, most));
            assertThat(page.remaining()).isEqualTo(expected.size() - most);
            assertThat(page.more()).isEqualTo(expected.size() > most);
        }

        private void watch(String prefix, long after) throws InterruptedException {
            var expected = history.stream()
                    .filter(event -> event.revision() > after && event.key().startsWith(prefix))
                    .map(Run::show)
                    .toList();
            try (var watch = store.watch(prefix, after)) {
                var seen = new ArrayList<String>();
                while (true) {
                    switch (watch.next(Duration.ZERO)) {
                        case Batch.Events(List<Event> events) -> events.forEach(event -> seen.add(show(event)));
                        case Batch.Progress(long revision) -> {
                            assertThat(seen).isEqualTo(expected);
                            assertThat(revision).isEqualTo(history.size());
                            assertThat(after).isGreaterThanOrEqualTo(compacted);
                            return;
                        }
                        case Batch.Compacted(long revision) -> {
                            assertThat(revision).isEqualTo(compacted).isGreaterThan(after);
                            return;
                        }
                    }
                }
            }
        }

        private TreeMap<String, Entry> stateAt(long revision) {
            var state = new TreeMap<String, Entry>();
            history.stream()
                    .limit(revision)
                    .forEach(event -> event.entry()
                            .ifPresentOrElse(entry -> state.put(event.key(), entry), () -> state.remove(event.key())));
            return state;
        }

        private static String show(Entry entry) {
            return entry.key() + "=" + text(entry) + "@" + entry.createRevision() + ":" + entry.modRevision();
        }

        private static String show(Optional<Entry> entry) {
            return entry.map(Run::show).orElse("absent");
        }

        private static String show(Event event) {
            return event.revision() + " " + event.key() + " " + show(event.previous()) + " → " + show(event.entry());
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (var file : files.toList().reversed()) {
                Files.delete(file);
            }
        }
    }
}
