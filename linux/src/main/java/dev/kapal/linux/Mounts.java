package dev.kapal.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/// Mounts of the current mount namespace. Any thread.
///
/// Targets must exist: a directory for a file system and for a directory, a file for a file.
public interface Mounts {
    /// Mounts an empty file system in memory. `sizeBytes` of zero means the kernel's default, half of the memory.
    void tmpfs(Path target, long sizeBytes, int mode) throws IOException;

    /// Shows `source`, with what is mounted below it, at `target` too.
    void bind(Path source, Path target, boolean readOnly) throws IOException;

    /// Takes away the newest mount at `target`; false when there was none. One that is busy is detached: it
    /// leaves the tree now and goes when its last user does.
    boolean unmount(Path target) throws IOException;

    /// All mounts, oldest first.
    List<Mount> all() throws IOException;

    /// Mounts at `prefix` and below, oldest first.
    default List<Mount> under(Path prefix) throws IOException {
        return all().stream().filter(mount -> mount.target().startsWith(prefix)).toList();
    }

    default boolean isMountPoint(Path target) throws IOException {
        return all().stream().anyMatch(mount -> mount.target().equals(target));
    }

    /// Unmounts everything at `prefix` and below, the deepest first; answers how many there were.
    default int unmountUnder(Path prefix) throws IOException {
        int count = 0;
        var deepestFirst = Comparator.comparingInt(
                        (Mount mount) -> mount.target().getNameCount())
                .reversed();
        for (var mount : under(prefix).stream().sorted(deepestFirst).toList()) {
            count += unmount(mount.target()) ? 1 : 0;
        }
        return count;
    }

    /// The mounts of this process.
    static Mounts system() {
        return SystemMounts.INSTANCE;
    }
}
