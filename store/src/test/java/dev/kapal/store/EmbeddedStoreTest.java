package dev.kapal.store;

import static dev.kapal.store.StoreContract.bytes;
import static dev.kapal.store.StoreContract.collect;
import static dev.kapal.store.StoreContract.keys;
import static dev.kapal.store.StoreContract.revision;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.store.Store.Event;
import dev.kapal.store.Store.Expect;
import dev.kapal.store.Store.Read;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStoreTest implements StoreContract {
    @TempDir
    Path directory;

    @Override
    public Store open() {
        return EmbeddedStore.open(directory);
    }

    @Test
    void remembersEverythingWhenOpenedAgain() throws Exception {
        try (var store = open()) {
            store.put("/a", bytes("1"), Expect.ANY);
            store.put("/b", bytes("1"), Expect.ANY);
            store.put("/a", bytes("2"), Expect.ANY);
            store.delete("/b", Expect.ANY);
            store.compact(1);
        }
        try (var store = open();
                var watch = store.watch("/", 1)) {
            assertThat(store.revision()).isEqualTo(4);
            assertThat(store.compacted()).isEqualTo(1);
            assertThat(keys(store.range(Range.ALL, 0, 0))).containsExactly("/a");
            assertThat(keys(store.range(Range.ALL, 2, 0))).containsExactly("/a", "/b");
            assertThat(collect(watch, 3)).extracting(Event::revision).containsExactly(2L, 3L, 4L);
            assertThat(revision(store.put("/c", bytes("1"), Expect.ABSENT))).isEqualTo(5);
        }
    }

    @Test
    void goesOnCountingAfterAReopenWhenEverythingWasCompacted() throws Exception {
        try (var store = open()) {
            store.put("/a", bytes("1"), Expect.ANY);
            store.delete("/a", Expect.ANY);
            store.compact(2);
        }
        try (var store = open()) {
            assertThat(store.revision()).isEqualTo(2);
            assertThat(store.range(Range.ALL, 1, 0)).isEqualTo(new Read.Compacted(2));
        }
    }

    @Test
    void letsOnlyOneProcessIn() {
        try (var store = open()) {
            assertThat(store.revision()).isZero();
            assertThatThrownBy(this::open)
                    .isInstanceOf(StoreInUseException.class)
                    .hasMessage("the store in " + directory + " is already open in process "
                            + ProcessHandle.current().pid());
        }
        open().close();
    }

    @Test
    void refusesWhatANewerVersionWrote() throws Exception {
        open().close();
        Path format = directory.resolve("format");
        Files.writeString(format, "kapal store format " + (StoreDirectory.FORMAT + 1) + "\n");
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreFormatException.class)
                .hasMessageContaining(format.toString())
                .hasMessageContaining("newer version of Kapal");
        Files.writeString(format, "kapal store format 1\n");
        open().close();
    }

    @Test
    void refusesWritesButReadsOnWhenTheDiskIsAlmostFull() throws Exception {
        try (var store = open()) {
            store.put("/a", bytes("1"), Expect.ANY);
        }
        try (var store = EmbeddedStore.open(directory, new EmbeddedStore.Options(Long.MAX_VALUE));
                var watch = store.watch("/", 0)) {
            assertThatThrownBy(() -> store.put("/b", bytes("1"), Expect.ANY))
                    .isInstanceOf(StoreFullException.class)
                    .hasMessageContaining(directory.toString());
            assertThat(store.revision()).isEqualTo(1);
            assertThat(keys(store.range(Range.ALL, 0, 0))).containsExactly("/a");
            assertThat(collect(watch, 1)).extracting(Event::revision).containsExactly(1L);
            store.compact(1);
            assertThat(store.compacted()).isEqualTo(1);
        }
    }

    /// A store that the first version of the layout wrote must open for ever.
    @Test
    void opensWhatFormatOneWrote() throws Exception {
        try (var zip = new ZipInputStream(getClass().getResourceAsStream("format-1.zip"))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = directory.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.write(file, zip.readAllBytes());
            }
        }
        try (var store = open()) {
            assertThat(store.revision()).isEqualTo(5);
            assertThat(store.compacted()).isEqualTo(2);
            assertThat(keys(store.range(Range.ALL, 0, 0))).containsExactly("/a", "/c");
            assertThat(store.get("/a")).hasValueSatisfying(StoreContract.is("/a", "2", 1, 3));
        }
    }

    @Test
    void namesTheOtherProcessThatHasTheStore() throws Exception {
        var other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashWriter.class.getName(),
                        directory.toString(),
                        "0")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var lines = other.inputReader()) {
            assertThat(lines.readLine()).isNotNull();
            assertThatThrownBy(this::open)
                    .isInstanceOf(StoreInUseException.class)
                    .hasMessageEndingWith("is already open in process " + other.pid());
        } finally {
            other.destroyForcibly().waitFor();
        }
        open().close();
    }
}
