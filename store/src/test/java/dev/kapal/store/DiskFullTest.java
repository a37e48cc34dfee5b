package dev.kapal.store;

import static dev.kapal.store.StoreContract.keys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kapal.store.Store.Expect;
import dev.kapal.store.Store.Write;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Fills a small file system of its own while the store writes to it. Needs root to mount that.
class DiskFullTest {
    @TempDir
    Path disk;

    private boolean mounted;

    @BeforeEach
    void mount() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root may mount a file system");
        mounted = run("mount", "-t", "tmpfs", "-o", "size=100m", "kapal-test", disk.toString());
        assumeTrue(mounted, "mounting is not allowed here");
    }

    @AfterEach
    void unmount() throws Exception {
        assertThat(!mounted || run("umount", disk.toString())).isTrue();
    }

    /// With the reserve the store notices first; without it RocksDB's own writes fail half-way.
    @ParameterizedTest
    @ValueSource(longs = {32 << 20, 0})
    void refusesWritesWhileTheDiskIsFullAndGoesOnAfterwards(long reserve) throws Exception {
        Path directory = disk.resolve("store");
        var options = new EmbeddedStore.Options(reserve);
        var random = new Random(3);
        var written = new ArrayList<String>();
        try (var store = EmbeddedStore.open(directory, options)) {
            for (int round = 0; round < 3; round++) {
                write(store, random, written, "/" + round + "/before", 200);
                Path ballast = disk.resolve("ballast");
                fill(ballast);
                assertThat(write(store, random, written, "/" + round + "/full", 6000))
                        .isLessThan(6000);
                assertThat(keys(store.range(Range.ALL, 0, 0))).containsExactlyInAnyOrderElementsOf(written);
                assertThat(store.revision()).isEqualTo(written.size());

                Files.delete(ballast);
                assertThat(write(store, random, written, "/" + round + "/after", 10))
                        .isEqualTo(10);
            }
        }
        try (var store = EmbeddedStore.open(directory, options)) {
            assertThat(keys(store.range(Range.ALL, 0, 0))).containsExactlyInAnyOrderElementsOf(written);
        }
    }

    /// Writes until the disk is full, at most `count` keys; says how many.
    private static int write(Store store, Random random, List<String> written, String prefix, int count)
            throws InterruptedException {
        byte[] value = new byte[3000];
        for (int i = 0; i < count; i++) {
            random.nextBytes(value);
            String key = prefix + "/" + i;
            try {
                assertThat(store.put(key, value.clone(), Expect.ABSENT)).isInstanceOf(Write.Done.class);
                written.add(key);
            } catch (StoreFullException full) {
                return i;
            }
        }
        return count;
    }

    private static void fill(Path ballast) throws IOException {
        byte[] page = new byte[4096];
        try (var out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(page);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    }
}
