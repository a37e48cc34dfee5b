package dev.kapal.agent.volume;

import io.fabric8.kubernetes.api.model.HostPathVolumeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Paths of the node in pods: checked, and made when the volume's type asks for that.
///
/// Source: HostPathVolumeSource API, `type`.
final class HostPaths {
    private static final int FORMAT = 0170000;
    private static final int SOCKET = 0140000;
    private static final int CHARACTER_DEVICE = 0020000;
    private static final int BLOCK_DEVICE = 0060000;

    private HostPaths() {}

    /// The path; throws with upstream's message when it is not of the type.
    static Path check(HostPathVolumeSource source) throws IOException {
        var path = Path.of(source.getPath());
        var type = source.getType() == null ? "" : source.getType();
        switch (type) {
            case "" -> {}
            case "DirectoryOrCreate" -> {
                if (!Files.exists(path)) {
                    Files.createDirectories(path);
                    Ownership.setMode(path, 0755);
                }
                require(Files.isDirectory(path), source, "directory");
            }
            case "Directory" -> require(Files.isDirectory(path), source, "directory");
            case "FileOrCreate" -> {
                if (!Files.exists(path)) {
                    Files.createFile(path);
                    Ownership.setMode(path, 0644);
                }
                require(Files.isRegularFile(path), source, "file");
            }
            case "File" -> require(Files.isRegularFile(path), source, "file");
            case "Socket" -> require(format(path) == SOCKET, source, "socket file");
            case "CharDevice" -> require(format(path) == CHARACTER_DEVICE, source, "character device");
            case "BlockDevice" -> require(format(path) == BLOCK_DEVICE, source, "block device");
            default -> throw new IOException("\"" + type + "\" is an invalid volume type");
        }
        return path;
    }

    private static void require(boolean holds, HostPathVolumeSource source, String what) throws IOException {
        if (!holds) {
            throw new IOException("hostPath type check failed: " + source.getPath() + " is not a " + what);
        }
    }

    private static int format(Path path) throws IOException {
        return Files.exists(path) ? (int) Files.getAttribute(path, "unix:mode") & FORMAT : 0;
    }
}
