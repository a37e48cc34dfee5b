package dev.kapal.agent.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Optional;

/// A log file read line by line while others append to it and rotate it. One thread.
final class LogFile implements AutoCloseable {
    private static final int BLOCK = 64 << 10;
    /// The runtime cuts lines at 16 KiB; what is far longer is no log and is not gathered in memory.
    private static final int LONGEST_LINE = 1 << 20;

    private final Path path;
    private FileChannel channel;
    private Object identity;
    private byte[] block = new byte[0];
    private int position;
    private boolean wasRotated;

    private LogFile(Path path) throws IOException {
        this.path = path;
        openNow();
    }

    static LogFile open(Path path) throws IOException {
        return new LogFile(path.toRealPath());
    }

    /// Moves to where the last `count` lines begin.
    void seekToLast(long count) throws IOException {
        // The line end before the first wanted line; that of the last line is one of them.
        long ends = count + 1;
        var buffer = new byte[BLOCK];
        for (long end = channel.size(); end > 0; ) {
            int length = (int) Math.min(BLOCK, end);
            long start = end - length;
            readFully(buffer, length, start);
            for (int i = length - 1; i >= 0; i--) {
                if (buffer[i] == '\n' && --ends == 0) {
                    channel.position(start + i + 1);
                    return;
                }
            }
            end = start;
        }
    }

    /// The next whole line with its line end; empty when there is none yet.
    Optional<byte[]> next() throws IOException {
        int searched = position;
        while (true) {
            for (int i = searched; i < block.length; i++) {
                if (block[i] == '\n') {
                    var line = Arrays.copyOfRange(block, position, i + 1);
                    position = i + 1;
                    return Optional.of(line);
                }
            }
            searched = readMore();
            if (searched < 0) {
                return Optional.empty();
            }
        }
    }

    /// What follows the last line end.
    Optional<byte[]> rest() {
        return position == block.length
                ? Optional.empty()
                : Optional.of(Arrays.copyOfRange(block, position, block.length));
    }

    /// What became of the name under which the file was opened.
    enum Rotation {
        /// It still is this file's, or nobody's just now.
        NONE,
        /// It is another file's; the runtime may be writing its last lines into this one.
        SEEN,
        /// This now reads the other file.
        DONE
    }

    /// Goes on with the new file once this one was renamed away and nothing more came into it from one call to the
    /// next.
    Rotation followRotation() throws IOException {
        try {
            if (identity.equals(identity())) {
                return Rotation.NONE;
            }
        } catch (NoSuchFileException betweenTwo) {
            return Rotation.NONE;
        }
        if (!wasRotated || readMore() >= 0) {
            wasRotated = true;
            return Rotation.SEEN;
        }
        openNow();
        return Rotation.DONE;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void openNow() throws IOException {
        do {
            identity = identity();
            channel = reopened(channel);
            // Rotated in between: what was opened is not what was looked at.
        } while (!identity.equals(identity()));
        block = new byte[0];
        position = 0;
        wasRotated = false;
    }

    private FileChannel reopened(FileChannel old) throws IOException {
        if (old != null) {
            old.close();
        }
        return FileChannel.open(path, StandardOpenOption.READ);
    }

    private Object identity() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    /// Where in the block the new bytes begin; negative when there are none.
    private int readMore() throws IOException {
        int kept = block.length - position;
        if (kept > LONGEST_LINE) {
            kept = 0;
            position = block.length;
        }
        var buffer = ByteBuffer.allocate(kept + BLOCK);
        buffer.put(block, position, kept);
        int count = channel.read(buffer);
        if (count <= 0) {
            return -1;
        }
        block = Arrays.copyOf(buffer.array(), kept + count);
        position = 0;
        return kept;
    }

    private void readFully(byte[] target, int length, long offset) throws IOException {
        var buffer = ByteBuffer.wrap(target, 0, length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, offset + buffer.position()) < 0) {
                throw new IOException("the log became shorter while it was read: " + path);
            }
        }
    }
}
