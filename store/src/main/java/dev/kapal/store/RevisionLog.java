package dev.kapal.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kapal.store.Store.Entry;
import dev.kapal.store.Store.Event;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Reads the log of changes: one record per revision, which names the key. Any thread, no state.
final class RevisionLog {
    /// The most records one page looks at: bounds what a lagging watch holds at a time.
    static final int PAGE = 500;

    private final Engine engine;

    RevisionLog(Engine engine) {
        this.engine = engine;
    }

    /// The changes under the watched prefix up to revision `upTo`.
    record Page(List<Event> events, long upTo) {}

    /// The newest revision in the log, or the compacted one when that is later: the store's revision when it opens.
    static long newest(Engine.Cursor cursor) {
        cursor.seekBefore(Layout.LOG_END);
        boolean logged = cursor.valid() && Layout.isLog(cursor.key());
        return Math.max(logged ? Layout.logRevision(cursor.key()) : 0, compacted(cursor));
    }

    static long compacted(Engine.Cursor cursor) {
        cursor.seek(Layout.COMPACTED);
        boolean marked = cursor.valid() && Arrays.equals(cursor.key(), Layout.COMPACTED);
        return marked ? Layout.number(cursor.value(), 0) : 0;
    }

    /// The first revision after the compacted one that is not in the log although later ones are: every revision has
    /// its record, so a gap means that a file was lost.
    static OptionalLong firstMissing(Engine.Cursor cursor) {
        long expected = compacted(cursor) + 1;
        for (cursor.seek(Layout.logKey(expected)); cursor.valid(); cursor.next()) {
            byte[] at = cursor.key();
            if (!Layout.isLog(at)) {
                break;
            }
            if (Layout.logRevision(at) != expected) {
                return OptionalLong.of(expected);
            }
            expected++;
        }
        return OptionalLong.empty();
    }

    /// The changes after revision `after`, not past `last`, whose key starts with `prefix`.
    Page read(String prefix, long after, long last) {
        var records = new ArrayList<Record>();
        long upTo = last;
        try (var cursor = engine.cursor()) {
            int seen = 0;
            for (cursor.seek(Layout.logKey(after + 1)); cursor.valid(); cursor.next()) {
                byte[] at = cursor.key();
                if (!Layout.isLog(at) || Layout.logRevision(at) > last) {
                    break;
                }
                if (seen++ == PAGE) {
                    upTo = Layout.logRevision(at) - 1;
                    break;
                }
                var key = new String(cursor.value(), UTF_8);
                if (key.startsWith(prefix)) {
                    records.add(new Record(Layout.logRevision(at), key));
                }
            }
        }
        return new Page(events(records), upTo);
    }

    private record Record(long revision, String key) {}

    private List<Event> events(List<Record> records) {
        if (records.isEmpty()) {
            return List.of();
        }
        var events = new ArrayList<Event>(records.size());
        try (var versions = new Versions(engine)) {
            for (var record : records) {
                Optional<Entry> now = versions.find(record.key(), record.revision());
                Optional<Entry> before = versions.find(record.key(), record.revision() - 1);
                events.add(new Event(record.revision(), record.key(), now.map(Entry::value), before));
            }
        }
        return events;
    }
}
