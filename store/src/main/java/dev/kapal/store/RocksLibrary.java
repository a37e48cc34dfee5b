package dev.kapal.store;

import java.io.IOException;
import java.net.URISyntaxException;
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
        } catch (IOException | URISyntaxException | RuntimeException | UnsatisfiedLinkError noCache) {
            RocksDB.loadLibrary();
        }
    }

    /// The directory that holds the library, named after the jar it comes from: looking into that jar is the slow part.
    private static Path unpacked() throws IOException, URISyntaxException {
        Path jar = Path.of(RocksDB.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Path directory = cache().resolve(jar.getFileName() + "-" + Files.size(jar));
        // RocksDB looks for its library under this name when it is told where to look.
        Path library = directory.resolve(Environment.getJniLibraryFileName("rocksdbjni"));
        if (!Files.exists(library)) {
            unpack(library);
        }
        return directory;
    }

    private static void unpack(Path library) throws IOException {
        String resource = Environment.getJniLibraryFileName("rocksdb");
        Files.createDirectories(library.getParent());
        Path fresh = Files.createTempFile(library.getParent(), resource, ".new");
        try (var in = RocksDB.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("no " + resource + " on the class path");
            }
            Files.copy(in, fresh, StandardCopyOption.REPLACE_EXISTING);
            Files.move(fresh, library, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static Path cache() {
        String chosen = System.getenv("XDG_CACHE_HOME");
        Path base = chosen == null || chosen.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".cache")
                : Path.of(chosen);
        return base.resolve("kapal");
    }
}
