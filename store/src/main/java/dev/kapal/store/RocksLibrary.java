package dev.kapal.store;

import java.io.IOException;
import java.net.JarURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/// Loads RocksDB's native code. RocksDB itself unpacks 15 MB into a temporary file at every start; here that happens
/// once per user and version, in the user's cache directory.
final class RocksLibrary {
    private RocksLibrary() {}

    static void load() {
        try {
            RocksDB.loadLibrary(List.of(unpacked().toString()));
        } catch (IOException | RuntimeException | UnsatisfiedLinkError noCache) {
            RocksDB.loadLibrary();
        }
    }

    /// The directory that holds the library, named after the library's checksum.
    private static Path unpacked() throws IOException {
        String name = Environment.getJniLibraryFileName("rocksdb");
        var resource = RocksDB.class.getClassLoader().getResource(name);
        if (resource == null || !(resource.openConnection() instanceof JarURLConnection jar)) {
            throw new IOException("no " + name + " in a jar on the class path");
        }
        var entry = jar.getJarEntry();
        Path directory = cache().resolve("rocksdb-" + Long.toHexString(entry.getCrc()));
        Path library = directory.resolve(name);
        if (Files.exists(library) && Files.size(library) == entry.getSize()) {
            return directory;
        }
        Files.createDirectories(directory);
        Path fresh = Files.createTempFile(directory, name, ".new");
        try (var in = jar.getInputStream()) {
            Files.copy(in, fresh, StandardCopyOption.REPLACE_EXISTING);
            Files.move(fresh, library, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
        return directory;
    }

    private static Path cache() {
        String chosen = System.getenv("XDG_CACHE_HOME");
        Path base = chosen == null || chosen.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".cache")
                : Path.of(chosen);
        return base.resolve("kapal");
    }
}
