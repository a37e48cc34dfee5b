package dev.kapal.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/// A file with the newest revision that was committed, written after each commit but not synced. It outlives a killed
/// process and may lag after a power cut; it is never ahead. So a log that ends before it has lost acknowledged writes
/// (a log file cut short looks like a harmless torn tail otherwise), and the store must not open.
///
/// Opening thread, then store writer.
final class Acknowledged implements AutoCloseable {
    private static final int SIZE = 2 * Long.BYTES;

    private final Path path;
    /// Not a channel: an interrupt would close that.
    private final RandomAccessFile file;

    private long revision;

    private Acknowledged(Path path, RandomAccessFile file, long revision) {
        this.path = path;
        this.file = file;
        this.revision = revision;
    }

    static void create(Path path) throws IOException {
        try (var file = new RandomAccessFile(path.toFile(), "rw")) {
            file.write(encoded(0));
            file.getFD().sync();
        }
    }

    static Acknowledged open(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new DamagedStoreException(path + " is missing");
        }
        byte[] bytes = Files.readAllBytes(path);
        if (bytes.length != SIZE
                || ByteBuffer.wrap(bytes).getLong(Long.BYTES)
                        != checksum(ByteBuffer.wrap(bytes).getLong(0))) {
            throw new DamagedStoreException(path + " is damaged: its checksum does not match");
        }
        return new Acknowledged(
                path,
                new RandomAccessFile(path.toFile(), "rw"),
                ByteBuffer.wrap(bytes).getLong(0));
    }

    Path path() {
        return path;
    }

    long revision() {
        return revision;
    }

    void advance(long to) {
        try {
            file.seek(0);
            file.write(encoded(to));
            revision = to;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] encoded(long revision) {
        return ByteBuffer.allocate(SIZE)
                .putLong(revision)
                .putLong(checksum(revision))
                .array();
    }

    private static long checksum(long revision) {
        var crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(revision).flip());
        return crc.getValue();
    }
}
