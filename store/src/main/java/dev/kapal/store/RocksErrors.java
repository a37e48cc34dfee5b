package dev.kapal.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/// Turns what RocksDB and the file system say into the store's own exceptions.
final class RocksErrors {
    private static final Pattern FILE =
            Pattern.compile("(/\\S*\\.(?:sst|log|blob)|/\\S*(?:MANIFEST-\\d+|CURRENT|IDENTITY))");

    private RocksErrors() {}

    static StoreException of(String what, RocksDBException cause, Path data) {
        Status status = cause.getStatus();
        var code = status == null ? Status.Code.IOError : status.getCode();
        String said = String.valueOf(cause.getMessage());
        if (code == Status.Code.Corruption || said.contains("Corruption") || said.contains("No such file")) {
            return new DamagedStoreException(what + ": " + damaged(said, data), cause);
        }
        boolean full = status != null && status.getSubCode() == Status.SubCode.NoSpace;
        if (full || said.contains("No space left") || said.contains("Disk quota exceeded")) {
            return new StoreFullException(what + ": no space is left on the disk of " + data, cause);
        }
        return new StoreException(what + ": " + said, cause);
    }

    static StoreException of(String what, IOException cause, Path directory) {
        String said = String.valueOf(cause.getMessage());
        if (said.contains("No space left") || said.contains("Disk quota exceeded")) {
            return new StoreFullException(what + ": no space is left on the disk of " + directory, cause);
        }
        return new StoreException(what + ": " + said, cause);
    }

    /// The damaged file if RocksDB names one, or else the first log file that does not read to its end.
    private static String damaged(String said, Path data) {
        if (FILE.matcher(said).find()) {
            return said;
        }
        return LogFiles.firstDamaged(data)
                .map(file -> file + " is damaged (" + said + ")")
                .orElse(said + " in " + data);
    }
}
