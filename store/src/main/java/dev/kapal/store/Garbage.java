package dev.kapal.store;

import java.util.ArrayList;
import java.util.List;

/// Finds what a compaction may remove: walks the log up to the compacted revision, and for each change there the
/// version before it, the log record, and the version itself if it is a tombstone. Runs on the compacting thread.
///
/// Each page holds the log records of exactly the garbage it names, so a compaction that was cut short goes on where
/// it stopped.
final class Garbage {
    /// How many physical keys one page holds at least, before the next one starts.
    private static final int PAGE = 2000;

    private final Engine engine;
    private final long compacted;

    Garbage(Engine engine, long compacted) {
        this.engine = engine;
        this.compacted = compacted;
    }

    /// The next physical keys to remove; empty when there are none. The page before must have been removed.
    List<byte[]> next() {
        var garbage = new ArrayList<byte[]>();
        try (var log = engine.cursor();
                var versions = engine.cursor()) {
            for (log.seek(Layout.logKey(0)); garbage.size() < PAGE && log.valid(); log.next()) {
                byte[] at = log.key();
                if (!Layout.isLog(at) || Layout.logRevision(at) > compacted) {
                    break;
                }
                collect(versions, Layout.versionKey(log.value(), Layout.logRevision(at)), garbage);
                garbage.add(at);
            }
        }
        return garbage;
    }

    private static void collect(Engine.Cursor versions, byte[] changed, List<byte[]> garbage) {
        versions.seek(changed);
        if (!versions.valid() || !Layout.sameKey(changed, versions.key())) {
            return;
        }
        if (Layout.revisionOf(versions.key()) == Layout.revisionOf(changed)) {
            if (Layout.isTombstone(versions.value())) {
                garbage.add(versions.key());
            }
            versions.next();
        }
        if (versions.valid() && Layout.sameKey(changed, versions.key())) {
            garbage.add(versions.key());
        }
    }
}
