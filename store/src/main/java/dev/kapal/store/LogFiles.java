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

    /// The newest write-ahead log in `data`.
    static Optional<Path> newest(Path data) {
        return List.copyOf(matching(data, ".*\\.log")).reversed().stream().findFirst();
    }

    /// The first file in `data` with a record that does not match its checksum.
    static Optional<Path> firstDamaged(Path data) {
        return matching(data, "MANIFEST-\\d+|.*\\.log").stream()
                .filter(LogFiles::isDamaged)
                .findFirst();
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

    private static boolean isDamaged(Path file) {
        try {
            var bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            for (int block = 0; block < bytes.limit(); block += BLOCK) {
                if (isDamaged(bytes.slice(block, Math.min(BLOCK, bytes.limit() - block))
                        .order(ByteOrder.LITTLE_ENDIAN))) {
                    return true;
                }
            }
            return false;
        } catch (IOException unreadable) {
            return true;
        }
    }

    private static boolean isDamaged(ByteBuffer block) {
        while (block.remaining() >= HEADER) {
            int stored = block.getInt();
            int length = Short.toUnsignedInt(block.getShort());
            byte type = block.get(block.position());
            if (type == 0 && length == 0) {
                return false;
            }
            if (1 + length > block.remaining()) {
                return block.limit() == BLOCK;
            }
            var crc = new CRC32C();
            crc.update(block.slice(block.position(), 1 + length));
            if (masked((int) crc.getValue()) != stored) {
                return true;
            }
            block.position(block.position() + 1 + length);
        }
        return false;
    }

    private static int masked(int crc) {
        return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
    }
}
