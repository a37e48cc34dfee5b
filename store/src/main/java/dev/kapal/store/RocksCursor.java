package dev.kapal.store;

import java.nio.file.Path;
import java.util.Arrays;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/// A position in RocksDB. Every call into native code costs, so what the position is at is asked for once.
final class RocksCursor implements Engine.Cursor {
    private final RocksIterator at;
    private final Path data;
    private final Runnable onClose;
    private boolean valid;
    private byte[] key;

    /// @param data where RocksDB's files are, for the message when one is damaged
    RocksCursor(RocksIterator at, Path data, Runnable onClose) {
        this.at = at;
        this.data = data;
        this.onClose = onClose;
    }

    @Override
    public void seek(byte[] wanted) {
        at.seek(wanted);
        moved();
    }

    @Override
    public void seekBefore(byte[] bound) {
        at.seekForPrev(bound);
        if (at.isValid() && Arrays.equals(at.key(), bound)) {
            at.prev();
        }
        moved();
    }

    @Override
    public void next() {
        at.next();
        moved();
    }

    @Override
    public boolean valid() {
        return valid;
    }

    @Override
    public byte[] key() {
        if (key == null) {
            key = at.key();
        }
        return key;
    }

    @Override
    public byte[] value() {
        return at.value();
    }

    @Override
    public void close() {
        at.close();
        onClose.run();
    }

    /// An iterator that meets damage becomes invalid, as at the end of the data.
    private void moved() {
        key = null;
        valid = at.isValid();
        if (!valid) {
            try {
                at.status();
            } catch (RocksDBException e) {
                throw RocksErrors.of("the store cannot be read", e, data);
            }
        }
    }
}
