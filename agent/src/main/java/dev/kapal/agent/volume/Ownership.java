package dev.kapal.agent.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/// Whose a volume's files are. A pod's `fsGroup` owns the volume: it may read what is rendered, and write what is
/// empty.
///
/// Source: Kubernetes documentation, "Set the security context for a Pod", `fsGroup`.
final class Ownership {
    private static final int SET_GROUP = 02000;
    private static final int GROUP_READS = 0440;
    private static final int GROUP_WRITES = 0660;
    private static final int ENTERED = 0110;
    private static final int PERMISSIONS = 07777;

    private Ownership() {}

    /// A directory of a rendered volume.
    static void makeDirectory(Path directory, int mode, Optional<Integer> group) throws IOException {
        Files.createDirectories(directory);
        if (group.isPresent()) {
            Files.setAttribute(directory, "unix:gid", group.get());
        }
        setMode(directory, group.isPresent() ? mode | GROUP_READS | ENTERED | SET_GROUP : mode);
    }

    /// A file of a rendered volume.
    static void giveFile(Path file, int mode, OptionalInt owner, Optional<Integer> group) throws IOException {
        if (owner.isPresent()) {
            Files.setAttribute(file, "unix:uid", owner.getAsInt());
        }
        if (group.isPresent()) {
            Files.setAttribute(file, "unix:gid", group.get());
        }
        setMode(file, group.isPresent() ? mode | GROUP_READS : mode);
    }

    /// The root of a volume that containers write.
    static void openDirectory(Path directory, int mode, Optional<Integer> group) throws IOException {
        if (group.isPresent()) {
            Files.setAttribute(directory, "unix:gid", group.get());
        }
        setMode(directory, group.isPresent() ? mode | GROUP_WRITES | ENTERED | SET_GROUP : mode);
    }

    static void setMode(Path path, int mode) throws IOException {
        Files.setAttribute(path, "unix:mode", mode & PERMISSIONS);
    }

    static int mode(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & PERMISSIONS;
    }
}
