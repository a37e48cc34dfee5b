package dev.kapal.store;

import dev.kapal.base.log.Log;
import java.io.UncheckedIOException;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.CompressionType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// The map on disk. RocksDB's own log makes a commit durable; its recovery accepts a torn record at the very end of
/// that log and nothing else.
final class RocksEngine implements Engine {
    private static final Log log = Log.of(RocksEngine.class);

    private static final long BUFFER = 8 << 20;
    private static final long CACHE = 8 << 20;
    /// What RocksDB may have to write while it opens: its write buffers and a manifest.
    private static final int ROOM_TO_OPEN = 4 << 20;

    private final StoreDirectory files;
    private final long reserve;
    private final LRUCache cache;
    private final Options options;
    private final WriteOptions durable = new WriteOptions().setSync(true);

    /// Readers and the writer hold it shared while they are in native code; closing and reopening hold it alone.
    private final ReentrantReadWriteLock open = new ReentrantReadWriteLock();

    /// Guarded by `open`; null when closed, and while it could not be opened anew.
    private RocksDB db;

    private boolean closed;
    /// The newest revision that was committed. Store writer only.
    private long committed;
    /// A write failed, so RocksDB may refuse all others until it is opened anew. Store writer only.
    private boolean suspect;

    private RocksEngine(StoreDirectory files, long reserve) {
        this.files = files;
        this.reserve = reserve;
        cache = new LRUCache(CACHE, 2);
        options = options(cache);
    }

    /// Takes over `files` unless it throws.
    static RocksEngine open(StoreDirectory files, EmbeddedStore.Options chosen) {
        RocksLibrary.load();
        var engine = new RocksEngine(files, chosen.reserveBytes());
        try {
            engine.committed = engine.verify();
            engine.db = RocksDB.open(engine.options, files.data().toString());
            return engine;
        } catch (RocksDBException e) {
            engine.closeOptions();
            throw RocksErrors.of("cannot open the store in " + files.directory(), e, files.data());
        } catch (RuntimeException e) {
            engine.closeOptions();
            throw e;
        }
    }

    private static Options options(LRUCache cache) {
        var table = new BlockBasedTableConfig()
                .setBlockCache(cache)
                .setCacheIndexAndFilterBlocks(true)
                .setFormatVersion(5);
        return new Options()
                .setCreateIfMissing(true)
                .setTableFormatConfig(table)
                .setWriteBufferSize(BUFFER)
                .setMaxWriteBufferNumber(3)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
                .setAvoidFlushDuringRecovery(true)
                .setParanoidChecks(true)
                .setMaxOpenFiles(256)
                .setKeepLogFileNum(2)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0);
    }

    /// Reads all there is without changing a byte, before RocksDB opens for writing and tidies up. The answer is the
    /// newest revision.
    private long verify() throws RocksDBException {
        if (!files.data().resolve("CURRENT").toFile().exists()) {
            if (files.acknowledged().revision() > 0) {
                throw new DamagedStoreException(files.data().resolve("CURRENT") + " is missing");
            }
            return 0;
        }
        try (var readOnly = RocksDB.openReadOnly(options, files.data().toString())) {
            readOnly.verifyChecksum();
            try (var cursor = new RocksCursor(readOnly.newIterator(), files.data(), () -> {})) {
                return verify(cursor);
            }
        }
    }

    private long verify(Cursor cursor) {
        long newest = RevisionLog.newest(cursor);
        long acknowledged = files.acknowledged().revision();
        if (newest < acknowledged) {
            throw new DamagedStoreException("writes are missing: the log ends at revision " + newest + " but "
                    + files.acknowledged().path() + " says that revision " + acknowledged + " was written; "
                    + LogFiles.loss(files.data()));
        }
        var gap = RevisionLog.firstMissing(cursor);
        if (gap.isPresent()) {
            throw new DamagedStoreException("writes are missing: the log has no revision " + gap.getAsLong() + "; "
                    + LogFiles.loss(files.data()));
        }
        return newest;
    }

    @Override
    public void commit(Changes changes, long revision) {
        // A compaction makes room, so it may use the reserve.
        if (revision > committed) {
            checkRoom();
        }
        if (suspect) {
            reopen();
        }
        open.readLock().lock();
        try (var batch = new WriteBatch()) {
            for (var put : changes.puts()) {
                batch.put(put.key(), put.value());
            }
            for (byte[] key : changes.deletes()) {
                batch.delete(key);
            }
            opened().write(durable, batch);
        } catch (RocksDBException e) {
            suspect = true;
            var failure = RocksErrors.of("the write was refused", e, files.data());
            log.error("store write failed", "error", failure.getMessage());
            throw failure;
        } finally {
            open.readLock().unlock();
        }
        committed = revision;
        acknowledge();
    }

    private void checkRoom() {
        long room = files.data().toFile().getUsableSpace();
        if (room < reserve) {
            throw new StoreFullException("the write was refused: the disk of " + files.data() + " has only "
                    + (room >> 10) + " KiB left, " + (reserve >> 10) + " KiB are kept free");
        }
    }

    /// The marker only ever may lag, so a failure to write it costs nothing now.
    private void acknowledge() {
        try {
            files.acknowledged().advance(committed);
        } catch (UncheckedIOException e) {
            log.warn("cannot note the acknowledged revision", "revision", committed, "error", e.getMessage());
        }
    }

    /// Opens RocksDB anew after a failed write, and takes back what that write may have left in its log: its caller was
    /// told that it did not happen. Reads go on with what is there when that fails.
    private void reopen() {
        files.checkRoomFor(ROOM_TO_OPEN);
        open.writeLock().lock();
        try {
            closeDb();
            db = RocksDB.open(options, files.data().toString());
            undo();
            suspect = false;
            log.info("store writes again", "directory", files.directory());
        } catch (RocksDBException e) {
            readOnly();
            throw RocksErrors.of("the write was refused", e, files.data());
        } finally {
            open.writeLock().unlock();
        }
    }

    private void readOnly() {
        try {
            if (db == null) {
                db = RocksDB.openReadOnly(options, files.data().toString());
            }
        } catch (RocksDBException e) {
            throw RocksErrors.of("the store cannot be opened again after a failed write", e, files.data());
        }
    }

    private void undo() throws RocksDBException {
        try (var batch = new WriteBatch();
                var cursor = new RocksCursor(db.newIterator(), files.data(), () -> {})) {
            for (cursor.seek(Layout.logKey(committed + 1));
                    cursor.valid() && Layout.isLog(cursor.key());
                    cursor.next()) {
                batch.delete(Layout.versionKey(cursor.value(), Layout.logRevision(cursor.key())));
                batch.delete(cursor.key());
            }
            if (batch.count() > 0) {
                db.write(durable, batch);
            }
        }
    }

    @Override
    public Cursor cursor() {
        open.readLock().lock();
        try {
            return new RocksCursor(opened().newIterator(), files.data(), open.readLock()::unlock);
        } catch (RuntimeException e) {
            open.readLock().unlock();
            throw e;
        }
    }

    private RocksDB opened() {
        if (closed) {
            throw new StoreClosedException("the store is closed");
        }
        if (db == null) {
            throw new StoreException("the store could not be opened again after a failed write; see the log");
        }
        return db;
    }

    @Override
    public void close() {
        open.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            closeDb();
            closeOptions();
            files.close();
        } finally {
            open.writeLock().unlock();
        }
    }

    private void closeDb() {
        if (db != null) {
            db.close();
            db = null;
        }
    }

    private void closeOptions() {
        options.close();
        cache.close();
        durable.close();
    }
}
