package dev.kapal.agent.log;

import dev.kapal.agent.cri.ContainerRuntime;
import dev.kapal.agent.cri.CriException;
import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/// Keeps the log of one container within its share of the disk: at `largest` bytes the file is renamed with the time in
/// its name, and the runtime begins a new one; of the old ones all but the newest are compressed, and no more than
/// `files` in all stay. One thread.
///
/// Source: kubelet configuration, containerLogMaxSize and containerLogMaxFiles.
record LogRotation(ContainerRuntime runtime, Time time, long largest, int files) {
    private static final Log log = Log.of(LogRotation.class);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
    private static final String COMPRESSED = ".gz";
    private static final String DRAFT = ".tmp";

    /// Looks at the log of a running container, and rotates it when it is too large.
    void check(String containerId, Path file) throws IOException, InterruptedException {
        if (!Files.exists(file)) {
            // An earlier rotation ended between the renaming and the reopening.
            runtime.reopenContainerLog(containerId);
            return;
        }
        if (Files.size(file) < largest) {
            return;
        }
        var old = oldOnes(file);
        // The file in use and the one that is rotated now count too.
        while (old.size() > files - 2) {
            Files.deleteIfExists(old.removeFirst());
        }
        for (var each : old) {
            if (!each.toString().endsWith(COMPRESSED)) {
                compress(each);
            }
        }
        var rotated = file.resolveSibling(file.getFileName() + "." + STAMP.format(time.instant()));
        Files.move(file, rotated, StandardCopyOption.ATOMIC_MOVE);
        try {
            runtime.reopenContainerLog(containerId);
        } catch (CriException failure) {
            Files.move(rotated, file, StandardCopyOption.ATOMIC_MOVE);
            log.warn("log not rotated", "container", containerId, "reason", failure.description());
        }
    }

    /// Rotated files, the oldest first: their names sort by time.
    private static List<Path> oldOnes(Path file) throws IOException {
        var prefix = file.getFileName() + ".";
        var found = new ArrayList<Path>();
        try (var siblings = Files.newDirectoryStream(file.getParent())) {
            for (var sibling : siblings) {
                var name = sibling.getFileName().toString();
                if (name.endsWith(DRAFT)) {
                    Files.deleteIfExists(sibling);
                } else if (name.startsWith(prefix)) {
                    found.add(sibling);
                }
            }
        }
        found.sort(Comparator.comparing(path -> path.getFileName().toString()));
        return found;
    }

    private static void compress(Path file) throws IOException {
        var draft = file.resolveSibling(file.getFileName() + DRAFT);
        try (var out = new GZIPOutputStream(Files.newOutputStream(draft))) {
            Files.copy(file, out);
        }
        Files.move(draft, file.resolveSibling(file.getFileName() + COMPRESSED), StandardCopyOption.ATOMIC_MOVE);
        Files.delete(file);
    }
}
