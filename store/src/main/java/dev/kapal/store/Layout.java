package dev.kapal.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kapal.store.Store.Entry;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/// How the engine's bytes are laid out. Immutable, pure.
///
/// ```
/// 'k' key 0x00 ~revision   → 'p' createRevision value     a version: the newest first
///                          → 'd'                          a tombstone
/// 'l' revision             → key                          the log
/// 'm' "compacted"          → revision
/// ```
/// Keys hold no 0x00, so versions sort by key, then from new to old.
final class Layout {
    static final byte[] COMPACTED = "mcompacted".getBytes(UTF_8);
    static final byte[] LOG_END = {'m'};

    private static final byte VERSION = 'k';
    private static final byte LOG = 'l';
    private static final byte PUT = 'p';
    private static final byte DELETE = 'd';
    /// The separator and the revision behind a key.
    private static final int TAIL = 1 + Long.BYTES;

    private Layout() {}

    static void checkKey(String key) {
        if (key.isEmpty() || key.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a key is not empty and has no NUL: '" + key + "'");
        }
    }

    static byte[] versionKey(byte[] key, long revision) {
        return ByteBuffer.allocate(1 + key.length + TAIL)
                .put(VERSION)
                .put(key)
                .put((byte) 0)
                .putLong(~revision)
                .array();
    }

    /// Behind all versions of the key in `versionKey`, before any other key.
    static byte[] behind(byte[] versionKey) {
        byte[] bound = Arrays.copyOf(versionKey, versionKey.length - Long.BYTES);
        bound[bound.length - 1] = 1;
        return bound;
    }

    /// The first place of a version whose key is at or after `key`, which may be some key followed by NUL.
    static byte[] bound(String key) {
        byte[] bytes = ("k" + key).getBytes(UTF_8);
        if (bytes[bytes.length - 1] == 0) {
            bytes[bytes.length - 1] = 1;
        }
        return bytes;
    }

    static byte[] end(Range range) {
        return range.to().map(Layout::bound).orElseGet(() -> new byte[] {VERSION + 1});
    }

    static boolean isVersion(byte[] physical) {
        return physical[0] == VERSION;
    }

    static boolean isLog(byte[] physical) {
        return physical[0] == LOG;
    }

    static String keyOf(byte[] versionKey) {
        return new String(versionKey, 1, versionKey.length - 1 - TAIL, UTF_8);
    }

    static long revisionOf(byte[] versionKey) {
        return ~ByteBuffer.wrap(versionKey).getLong(versionKey.length - Long.BYTES);
    }

    static boolean sameKey(byte[] versionKey, byte[] other) {
        int length = versionKey.length - Long.BYTES;
        return other.length == versionKey.length && Arrays.equals(versionKey, 0, length, other, 0, length);
    }

    static byte[] putValue(Entry entry) {
        return ByteBuffer.allocate(1 + Long.BYTES + entry.value().length)
                .put(PUT)
                .putLong(entry.createRevision())
                .put(entry.value())
                .array();
    }

    static byte[] tombstone() {
        return new byte[] {DELETE};
    }

    static boolean isTombstone(byte[] value) {
        return value[0] == DELETE;
    }

    /// The entry in a version; none for a tombstone.
    static Optional<Entry> entry(byte[] versionKey, byte[] value) {
        if (isTombstone(value)) {
            return Optional.empty();
        }
        long created = ByteBuffer.wrap(value).getLong(1);
        return Optional.of(new Entry(
                keyOf(versionKey),
                Arrays.copyOfRange(value, 1 + Long.BYTES, value.length),
                created,
                revisionOf(versionKey)));
    }

    static byte[] logKey(long revision) {
        return ByteBuffer.allocate(1 + Long.BYTES).put(LOG).putLong(revision).array();
    }

    static long logRevision(byte[] logKey) {
        return number(logKey, 1);
    }

    static byte[] number(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    static long number(byte[] bytes, int offset) {
        return ByteBuffer.wrap(bytes).getLong(offset);
    }
}
