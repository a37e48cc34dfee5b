package dev.kapal.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountsTest {
    private final Mounts mounts = Mounts.system();

    @TempDir
    Path directory;

    @AfterEach
    void leaveNothing() throws IOException {
        mounts.unmountUnder(directory);
    }

    @Test
    void readsMountinfo() {
        var parsed = Mount.parse(List.of(
                "36 35 98:0 / /a\\040b ro,noatime shared:1 - ext4 /dev/sda rw,errors=continue",
                "37 27 0:9 / /c rw - tmpfs tmpfs rw"));
        assertThat(parsed)
                .containsExactly(
                        new Mount(Path.of("/a b"), "ext4", "/dev/sda", true, List.of("rw", "errors=continue")),
                        new Mount(Path.of("/c"), "tmpfs", "tmpfs", false, List.of("rw")));
    }

    @Test
    void mountsAMemoryFileSystemAndTakesItAway() throws IOException {
        RootOnly.orSkip();
        mounts.tmpfs(directory, 1 << 20, 0750);
        assertThat(mounts.isMountPoint(directory)).isTrue();
        assertThat(Files.getPosixFilePermissions(directory)).hasSize(5);
        assertThat(Files.getFileStore(directory).getTotalSpace()).isEqualTo(1 << 20);
        assertThat(mounts.unmount(directory)).isTrue();
        assertThat(mounts.unmount(directory)).isFalse();
    }

    @Test
    void aReadOnlyBindRefusesWrites() throws IOException {
        RootOnly.orSkip();
        var source = Files.createDirectory(directory.resolve("source"));
        var target = Files.createDirectory(directory.resolve("target"));
        Files.writeString(source.resolve("file"), "content");
        mounts.bind(source, target, true);
        assertThat(target.resolve("file")).hasContent("content");
        assertThatThrownBy(() -> Files.writeString(target.resolve("other"), "x"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Read-only file system");
    }

    @Test
    void unmountsAWholeTreeEvenWhenItIsBusy() throws IOException {
        RootOnly.orSkip();
        mounts.tmpfs(directory, 0, 0755);
        var inner = Files.createDirectory(directory.resolve("inner dir"));
        mounts.tmpfs(inner, 0, 0755);
        try (var open = Files.newOutputStream(inner.resolve("open"))) {
            open.write(1);
            assertThat(mounts.unmountUnder(directory)).isEqualTo(2);
        }
        assertThat(mounts.under(directory)).isEmpty();
    }

    @Test
    void saysWhatFailedAndWhere() {
        RootOnly.orSkip();
        assertThatThrownBy(() -> mounts.tmpfs(directory.resolve("missing"), 0, 0755))
                .hasMessage("tmpfs at " + directory.resolve("missing") + ": No such file or directory");
    }
}
