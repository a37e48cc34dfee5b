package dev.kapal.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/// Names the damaged one among RocksDB's log files, which RocksDB itself does not do. Reads only; runs only after
/// RocksDB has refused to open.
///
/// Source: RocksDB wiki, Write Ahead Log File Format: blocks of 32 KiB; a record is a masked CRC-32C of the type and
/// the
/// payload, a length, a type, the payload.
final class LogFiles {
    private static final int BLOCK = 32 << 10;
    private static final int HEADER = 7;

    private LogFiles() {}

    /// What most likely happened to writes that are missing: a file whose last record is torn lost its end; otherwise
    /// the newest log did at the border of a record, or one after it is gone.
    static String loss(Path data) {
        var torn = matching(data, "MANIFEST-\\d+|.*\\.log").stream()
                .filter(file -> state(file) == State.TORN)
                .findFirst();
        if (torn.isPresent()) {
            return torn.get() + " was cut short";
        }
        var removed = "a log file in " + data + " was removed";
        var logs = matching(data, ".*\\.log");
        return logs.isEmpty() ? removed : logs.getLast() + " was cut short, or " + removed;
    }

    /// The first file in `data` with a record that does not match its checksum.
    static Optional<Path> firstDamaged(Path data) {
        return matching(data, "MANIFEST-\\d+|.*\\.log").stream()
                .filter(file -> state(file) == State.DAMAGED)
                .findFirst();
    }

    private enum State {
        WHOLE,
        /// The last record is not complete.
        TORN,
        DAMAGED
    }

    private static List<Path> matching(Path data, String names) {
        try (var files = Files.list(data)) {
            return files.filter(file -> file.getFileName().toString().matches(names))
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    private static State state(Path file) {
        try {
            var bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            for (int at = 0; at < bytes.limit(); at += BLOCK) {
                var block = bytes.slice(at, Math.min(BLOCK, bytes.limit() - at));
                var state = state(block.order(ByteOrder.LITTLE_ENDIAN));
                if (state != State.WHOLE) {
                    return state;
                }
            }
            return State.WHOLE;
        } catch (IOException unreadable) {
            return State.DAMAGED;
        }
    }

    private static State state(ByteBuffer block) {
        boolean last = block.limit() < BLOCK;
        while (block.remaining() >= HEADER) {
            int stored = block.getInt();
            int length = Short.toUnsignedInt(block.getShort());
            if (length == 0 && block.get(block.position()) == 0) {
                return State.WHOLE;
            }
            if (1 + length > block.remaining()) {
                return last ? State.TORN : State.DAMAGED;
            }
            var crc = new CRC32C();
            crc.update(block.slice(block.position(), 1 + length));
            if (masked((int) crc.getValue()) != stored) {
                return State.DAMAGED;
            }
            block.position(block.position() + 1 + length);
        }
        return last && block.hasRemaining() ? State.TORN : State.WHOLE;
    }

    private static int masked(int crc) {
        return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
    }
}
