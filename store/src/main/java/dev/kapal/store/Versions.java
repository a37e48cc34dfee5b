package dev.kapal.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kapal.store.Store.Entry;
import dev.kapal.store.Store.Read;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;

/// Reads the versions of keys as of a revision. One thread uses it, and closes it.
final class Versions implements AutoCloseable {
    /// How many old versions are stepped over one by one before it is cheaper to seek.
    private static final int STEPS = 4;

    private final Engine.Cursor cursor;

    Versions(Engine engine) {
        cursor = engine.cursor();
    }

    /// The entry under `key` as of `revision`.
    Optional<Entry> find(String key, long revision) {
        byte[] wanted = Layout.versionKey(key.getBytes(UTF_8), revision);
        cursor.seek(wanted);
        if (!cursor.valid()) {
            return Optional.empty();
        }
        byte[] found = cursor.key();
        return Layout.sameKey(wanted, found) ? Layout.entry(found, cursor.value()) : Optional.empty();
    }

    /// The entries of `range` as of `revision`, at most `limit` (0: all), and how many follow.
    Read.Page page(Range range, long revision, int limit) {
        var entries = new ArrayList<Entry>();
        long remaining = 0;
        byte[] end = Layout.end(range);
        cursor.seek(Layout.bound(range.from()));
        while (cursor.valid()) {
            byte[] at = cursor.key();
            if (Arrays.compareUnsigned(at, end) >= 0) {
                break;
            }
            if (Layout.revisionOf(at) > revision) {
                skipNewer(at, revision);
                continue;
            }
            byte[] value = cursor.value();
            if (!Layout.isTombstone(value)) {
                if (limit > 0 && entries.size() == limit) {
                    remaining++;
                } else {
                    Layout.entry(at, value).ifPresent(entries::add);
                }
            }
            skipKey(at);
        }
        return new Read.Page(entries, revision, remaining > 0, remaining);
    }

    /// Moves from a version that is too new to the next older one of its key, or to the next key.
    private void skipNewer(byte[] at, long revision) {
        for (int i = 0; i < STEPS; i++) {
            cursor.next();
            if (!cursor.valid() || !Layout.sameKey(at, cursor.key()) || Layout.revisionOf(cursor.key()) <= revision) {
                return;
            }
        }
        cursor.seek(Layout.versionKey(Layout.keyOf(at).getBytes(UTF_8), revision));
    }

    private void skipKey(byte[] at) {
        for (int i = 0; i < STEPS; i++) {
            cursor.next();
            if (!cursor.valid() || !Layout.sameKey(at, cursor.key())) {
                return;
            }
        }
        cursor.seek(Layout.behind(at));
    }

    @Override
    public void close() {
        cursor.close();
    }
}
