package dev.kapal.store;

import java.nio.file.Path;

/// A store in a directory of this machine, kept by RocksDB.
///
/// ```
/// DIR/lock            held while open; says by which process
/// DIR/format          the version of all this
/// DIR/acknowledged    the newest revision that some caller may have been told
/// DIR/data/           RocksDB's files
/// ```
public final class EmbeddedStore {
    private EmbeddedStore() {}

    /// What may be set.
    ///
    /// @param reserveBytes writes are refused while the disk has less room than this, so that what was taken in can
    ///     always be written out
    public record Options(long reserveBytes) {
        /// Room for both write buffers and a compaction of small files.
        public static final Options DEFAULT = new Options(32 << 20);
    }

    public static Store open(Path directory) {
        return open(directory, Options.DEFAULT);
    }

    /// Opens the store in `directory`, making a new one in an empty or missing directory.
    ///
    /// Errors: [StoreInUseException]; [DamagedStoreException]; [StoreFormatException]; [StoreFullException] when
    /// there is no room to open it; otherwise [StoreException]. After an error nothing is left open or locked.
    public static Store open(Path directory, Options options) {
        var files = StoreDirectory.open(directory);
        try {
            return new RevisionedStore(RocksEngine.open(files, options));
        } catch (RuntimeException | Error failure) {
            files.close();
            throw failure;
        }
    }
}
