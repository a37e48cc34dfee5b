package dev.kapal.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The files around the engine's own: lock, format version, acknowledged revision. Open means locked. Used by the
/// opening thread and then by the store's writer.
final class StoreDirectory implements AutoCloseable {
    /// Raised when a layout changes; [#checkFormat] then says what happens to older ones.
    static final int FORMAT = 1;

    private static final String FORMAT_PREFIX = "kapal store format ";

    private final Path directory;
    private final FileChannel lock;
    private final Acknowledged acknowledged;

    private StoreDirectory(Path directory, FileChannel lock) throws IOException {
        this.directory = directory;
        this.lock = lock;
        Path format = directory.resolve("format");
        Path marker = directory.resolve("acknowledged");
        if (isNew()) {
            Acknowledged.create(marker);
            writeDurably(format, FORMAT_PREFIX + FORMAT + "\n");
        }
        checkFormat(format);
        acknowledged = Acknowledged.open(marker);
    }

    static StoreDirectory open(Path directory) {
        FileChannel lock = null;
        try {
            Files.createDirectories(directory);
            lock = lock(directory.resolve("lock"));
            return new StoreDirectory(directory, lock);
        } catch (IOException | StoreException failure) {
            closeQuietly(lock);
            throw failure instanceof StoreException known
                    ? known
                    : RocksErrors.of("cannot open the store in " + directory, (IOException) failure, directory);
        }
    }

    Path directory() {
        return directory;
    }

    Path data() {
        return directory.resolve("data");
    }

    Acknowledged acknowledged() {
        return acknowledged;
    }

    /// Throws [StoreFullException] unless `bytes` can be written. Tries it: a quota shows in no other way.
    void checkRoomFor(int bytes) {
        Path probe = directory.resolve("probe");
        try {
            try (var out = new RandomAccessFile(probe.toFile(), "rw")) {
                out.write(new byte[bytes]);
            } finally {
                Files.deleteIfExists(probe);
            }
        } catch (IOException e) {
            throw RocksErrors.of("the write was refused", e, directory);
        }
    }

    @Override
    public void close() {
        acknowledged.close();
        closeQuietly(lock);
    }

    /// New is a directory without a format file and without data: `format` is the last file that making a store
    /// writes before the engine starts.
    private boolean isNew() throws IOException {
        if (Files.exists(directory.resolve("format"))) {
            return false;
        }
        if (Files.exists(data())) {
            throw new DamagedStoreException(
                    directory.resolve("format") + " is missing although " + data() + " is there; put it back");
        }
        return true;
    }

    private static void checkFormat(Path file) throws IOException {
        String text = Files.readString(file, UTF_8).strip();
        String number = text.startsWith(FORMAT_PREFIX) ? text.substring(FORMAT_PREFIX.length()) : "";
        if (!number.matches("[1-9][0-9]{0,8}")) {
            throw new DamagedStoreException(file + " does not say which format the store has");
        }
        int format = Integer.parseInt(number);
        if (format > FORMAT) {
            throw new StoreFormatException(file + " says that a newer version of Kapal wrote this store (format "
                    + format + ", this version knows up to " + FORMAT + "); start that version");
        }
    }

    private static FileChannel lock(Path file) throws IOException {
        var channel = FileChannel.open(file, CREATE, READ, WRITE);
        try {
            if (channel.tryLock() != null) {
                channel.truncate(0);
                channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(UTF_8)), 0);
                return channel;
            }
        } catch (OverlappingFileLockException ourselves) {
            // Said below like any other holder.
        } catch (IOException full) {
            closeQuietly(channel);
            throw full;
        }
        closeQuietly(channel);
        String holder = Files.readString(file, UTF_8).strip();
        throw new StoreInUseException("the store in " + file.getParent() + " is already open in process "
                + (holder.isEmpty() ? "(unknown)" : holder));
    }

    /// Writes the whole file or none of it.
    private static void writeDurably(Path file, String text) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (var out = FileChannel.open(fresh, CREATE, WRITE)) {
            out.truncate(0);
            out.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
            out.force(true);
        }
        Files.move(fresh, file, ATOMIC_MOVE);
        try (var parent = FileChannel.open(file.getParent(), READ)) {
            parent.force(true);
        }
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException alreadyGone) {
            // Closing ends the lock whatever it says.
        }
    }
}
