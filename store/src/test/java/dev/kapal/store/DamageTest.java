package dev.kapal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.store.Store.Expect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Does something bad to one file of a store and opens it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DamageTest {
    /// A store with table files and two write-ahead logs, the older one full, as a killed process leaves it.
    private Path intact;

    @BeforeAll
    void fill(@TempDir Path directory) throws Exception {
        intact = directory;
        var random = new Random(7);
        for (int run = 0; run < 2; run++) {
            try (var store = EmbeddedStore.open(directory)) {
                for (int i = 0; i < 40; i++) {
                    byte[] value = new byte[256 << 10];
                    random.nextBytes(value);
                    store.put("/k" + run + "-" + i, value, Expect.ABSENT);
                }
            }
        }
    }

    /// `file` is what the name of the damaged file starts or ends with; the newest of those is taken.
    private record Case(String name, String file, Damage damage) {
        @Override
        public String toString() {
            return name;
        }
    }

    private interface Damage {
        void to(Path file) throws IOException;
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case("a bit flipped in a table", ".sst", file -> flip(file, 0.5)),
                new Case("a bit flipped at the start of a table", ".sst", file -> flip(file, 0)),
                new Case("a table cut short", ".sst", file -> cut(file, 100)),
                new Case("a table removed", ".sst", Files::delete),
                new Case("a bit flipped in the log", ".log", file -> flip(file, 0.5)),
                new Case("a bit flipped in the log's first record", ".log", file -> flip(file, 0)),
                new Case("the log's last record flipped", ".log", file -> flip(file, 0.999)),
                new Case("the log cut short", ".log", file -> cut(file, 1)),
                new Case("the log emptied", ".log", file -> cut(file, Files.size(file))),
                new Case("a bit flipped in the manifest", "MANIFEST-", file -> flip(file, 0.5)),
                new Case("the manifest removed", "MANIFEST-", Files::delete),
                new Case("CURRENT emptied", "CURRENT", file -> cut(file, Files.size(file))),
                new Case("CURRENT removed", "CURRENT", Files::delete),
                new Case("the acknowledged revision flipped", "acknowledged", file -> flip(file, 0.2)),
                new Case("the acknowledged revision removed", "acknowledged", Files::delete),
                new Case("the format emptied", "format", file -> cut(file, Files.size(file))),
                new Case("the format removed", "format", Files::delete));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void refusesADamagedStoreAndNamesTheFile(Case damage, @TempDir Path directory) throws IOException {
        copy(intact, directory);
        Path victim = newest(directory, damage.file());
        damage.damage().to(victim);
        var before = sizes(directory);
        assertThatThrownBy(() -> EmbeddedStore.open(directory).close())
                .isInstanceOf(DamagedStoreException.class)
                .hasMessageContaining(victim.getFileName().toString());
        assertThat(sizes(directory)).isEqualTo(before);
    }

    @Test
    void refusesAStoreWhoseNewestLogIsGone(@TempDir Path directory) throws IOException {
        copy(intact, directory);
        Files.delete(newest(directory, ".log"));
        assertThatThrownBy(() -> EmbeddedStore.open(directory).close())
                .isInstanceOf(DamagedStoreException.class)
                .hasMessageContaining("a log file in " + directory.resolve("data") + " was removed");
    }

    /// A torn end of the manifest may be harmless, and then nothing may be missing.
    @ParameterizedTest
    @ValueSource(ints = {1, 10, 40, 80, 160, 320})
    void losesNothingWhenTheManifestIsCutShort(int bytes, @TempDir Path directory) throws IOException {
        copy(intact, directory);
        Path manifest = newest(directory, "MANIFEST-");
        cut(manifest, Math.min(bytes, Files.size(manifest)));
        try (var store = EmbeddedStore.open(directory)) {
            assertThat(StoreContract.keys(store.range(Range.ALL, 0, 0))).hasSize(80);
            assertThat(store.revision()).isEqualTo(80);
        } catch (DamagedStoreException refused) {
            assertThat(refused).hasMessageContaining(manifest.getFileName().toString());
        }
    }

    private static void flip(Path file, double where) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) (bytes.length * where)] ^= 0x10;
        Files.write(file, bytes);
    }

    private static void cut(Path file, long bytes) throws IOException {
        try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - bytes);
        }
    }

    private static Path newest(Path directory, String name) throws IOException {
        try (var files = Files.walk(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith(name)
                            || file.getFileName().toString().endsWith(name))
                    .filter(file -> file.toFile().length() > 0)
                    .max(Path::compareTo)
                    .orElseThrow();
        }
    }

    /// Every file but RocksDB's own diary.
    private static Map<String, Long> sizes(Path directory) throws IOException {
        var sizes = new TreeMap<String, Long>();
        try (var files = Files.walk(directory)) {
            files.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("LOG"))
                    .forEach(file -> sizes.put(
                            directory.relativize(file).toString(), file.toFile().length()));
        }
        return sizes;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }
}
