package dev.kapal.agent.image;

import dev.kapal.linux.Commands;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// A small image with a shell, tar, nc, wget, httpd and the other tools of Debian's busybox.
public final class BusyboxImage {
    public static final String REFERENCE = "kapal.local/busybox:1";

    private static final String PROGRAM = "/usr/bin/busybox";

    /// Not the static one: it crashes when it looks up a name, for want of the C library's parts that do so.
    private static final List<String> PACKAGES = List.of("busybox");

    private BusyboxImage() {}

    /// @param cache keeps the package when it must be downloaded
    public static void writeTo(Path archive, Path cache) throws IOException, InterruptedException {
        builder(REFERENCE, cache).writeTo(archive);
    }

    /// The same files under another name, for tests that roll out a new version.
    public static ImageBuilder builder(String reference, Path cache) throws IOException, InterruptedException {
        var busybox = new DebianPackages(cache).files(PACKAGES).get(PROGRAM);
        if (busybox == null) {
            throw new IOException("the package busybox has no " + PROGRAM);
        }
        var layer = DebianRootfs.layer(PACKAGES, cache);
        var applets = Commands.system().require(busybox.toString(), "--list");
        applets.lines()
                .map("/usr/bin/"::concat)
                .filter(path -> !path.equals(PROGRAM))
                .forEach(path -> layer.link(path, "busybox"));
        return ImageBuilder.named(reference)
                .layer(layer)
                .environment("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
                .command("sh");
    }
}
