package dev.kapal.dist;

import dev.kapal.apiserver.encryption.EncryptionFile;
import dev.kapal.base.life.Life;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.cli.DataDirectory;
import dev.kapal.store.Compactor;
import dev.kapal.store.EmbeddedStore;
import dev.kapal.store.Store;
import dev.kapal.store.StoreMetrics;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Opens the store of a data directory: measured, compacted, and with Secrets encrypted in it.
final class Storage {
    private Storage() {}

    /// @param encryption the user's own configuration; empty for the generated one
    static Store open(DataDirectory data, Optional<Path> encryption, Metrics metrics, Time time, Life life)
            throws IOException {
        var keys = encryption.isPresent()
                ? EncryptionFile.given(encryption.get())
                : EncryptionFile.openOrCreate(data.encryption());
        var raw = life.own(StoreMetrics.around(EmbeddedStore.open(data.store()), metrics, time));
        metrics.gauge(
                        "apiserver_storage_size_bytes",
                        "Size of the storage database file physically allocated in bytes.",
                        "storage_cluster_id")
                .read(() -> size(data.store()), "embedded-0");
        Compactor.start(raw, time, Compactor.INTERVAL, life);
        return keys.around(raw, time, life);
    }

    /// What the files of the store take; some may go while they are looked at.
    private static long size(Path store) {
        try (var files = Files.walk(store)) {
            return files.map(Path::toFile)
                    .filter(File::isFile)
                    .mapToLong(File::length)
                    .sum();
        } catch (IOException | UncheckedIOException unreadable) {
            return 0;
        }
    }
}
