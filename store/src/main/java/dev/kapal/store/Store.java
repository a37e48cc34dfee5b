package dev.kapal.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Ordered keys with opaque values, every change numbered. Any thread may call it; calls block.
///
/// Each put and each delete gets the next *revision*; revisions grow strictly, over restarts too, and start at 1.
/// A write returns only when it is durable, and from then on every read and watch shows it. Every revision after
/// [#compacted()] stays readable.
///
/// Errors: every method may throw a [StoreException]; its subclasses say which kind. A write refused with
/// [StoreFullException] was not applied, and reads go on.
public interface Store extends AutoCloseable {
    /// The revision of the newest durable write; 0 when there was none.
    long revision();

    /// The newest revision whose predecessors are forgotten: reads at it or later work, watches after it too.
    long compacted();

    /// Writes `value` under `key` if the key is as expected, and returns after it is durable. `value` is kept, not
    /// copied: the caller must not change it. An interrupt while waiting leaves it open whether the write happens.
    Write put(String key, byte[] value, Expect expect) throws InterruptedException;

    /// Removes `key` if it is as expected, and returns after that is durable. A key that is not there is never
    /// removed again: that is [Write.Stale] without a current entry, whatever was expected.
    Write delete(String key, Expect expect) throws InterruptedException;

    /// The entries of `range` in key order as of `revision` (0: the newest). At most `limit` entries (0: all).
    Read range(Range range, long revision, int limit);

    /// The newest entry under `key`.
    Optional<Entry> get(String key);

    /// Follows all changes under `prefix` after `afterRevision` (0: from the very first). The watch never holds up a
    /// writer and never misses an event: a slow one catches up from the log.
    Watch watch(String prefix, long afterRevision);

    /// Forgets what was overwritten or deleted up to `revision`. Harmless when done already. The space comes back
    /// before it returns. `revision` must not be in the future.
    void compact(long revision) throws InterruptedException;

    /// Ends all watches and waits for the writer. Writes that were not answered may or may not have happened.
    @Override
    void close();

    /// A key's value as of some revision.
    record Entry(String key, byte[] value, long createRevision, long modRevision) {}

    /// What a writer believes about the key it writes.
    sealed interface Expect {
        Expect ABSENT = new Absent();
        Expect ANY = new Any();

        static Expect at(long modRevision) {
            return new At(modRevision);
        }

        /// The key is not there.
        record Absent() implements Expect {}

        /// The key is there, last written at `modRevision`.
        record At(long modRevision) implements Expect {}

        /// No matter.
        record Any() implements Expect {}

        /// Whether `current` is as expected.
        default boolean holds(Optional<Entry> current) {
            return switch (this) {
                case Absent() -> current.isEmpty();
                case At(long modRevision) ->
                    current.isPresent() && current.get().modRevision() == modRevision;
                case Any() -> true;
            };
        }
    }

    /// The answer to a put or a delete.
    sealed interface Write {
        /// Durable as `revision`; `previous` is what it replaced.
        record Done(long revision, Optional<Entry> previous) implements Write {}

        /// Nothing was written: the key is `current`, as of revision `at`.
        record Stale(Optional<Entry> current, long at) implements Write {}
    }

    /// The answer to a range read.
    sealed interface Read {
        /// The entries as of `revision`. When `more`, `remaining` others follow the last one.
        record Page(List<Entry> entries, long revision, boolean more, long remaining) implements Read {
            public Page {
                entries = List.copyOf(entries);
            }
        }

        /// The revision asked for is forgotten; the oldest that can be read is `compacted`.
        record Compacted(long compacted) implements Read {}

        /// The revision asked for has not happened; the newest is `newest`.
        record Future(long newest) implements Read {}
    }

    /// One change. No `value` means that the key was deleted; `previous` is the entry before the change.
    record Event(long revision, String key, Optional<byte[]> value, Optional<Entry> previous) {
        public boolean isDelete() {
            return value.isEmpty();
        }

        /// Whether the key came into being with this change.
        public boolean isCreate() {
            return value.isPresent() && previous.isEmpty();
        }

        /// The key's entry after the change; none after a delete.
        public Optional<Entry> entry() {
            return value.map(bytes ->
                    new Entry(key, bytes, previous.map(Entry::createRevision).orElse(revision), revision));
        }
    }

    /// A running watch. One thread reads it; any thread may close it, which ends a waiting [#next].
    interface Watch extends AutoCloseable {
        /// Blocks until something happened, at most `timeout`. Throws [StoreClosedException] once the watch or the
        /// store is closed.
        Batch next(Duration timeout) throws InterruptedException;

        @Override
        void close();
    }

    /// What a watch has to say.
    sealed interface Batch {
        /// Changes in order of revision; never empty.
        record Events(List<Event> events) implements Batch {
            public Events {
                events = List.copyOf(events);
            }
        }

        /// Nothing new within the timeout: every change up to `revision` has been handed out.
        record Progress(long revision) implements Batch {}

        /// The log after the last event handed out is forgotten; list anew and watch from there. Said again on each
        /// further call.
        record Compacted(long revision) implements Batch {}
    }
}
