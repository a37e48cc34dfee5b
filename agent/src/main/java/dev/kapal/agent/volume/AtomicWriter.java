package dev.kapal.agent.volume;

import dev.kapal.base.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Writes a rendered volume so that readers see either all of the old files or all of the new ones.
///
///     volume/..2025_01_31_12_00_00.123456789/dir/file     the files
///     volume/..data -> ..2025_01_31_12_00_00.123456789    moved to the new directory in one rename
///     volume/dir -> ..data/dir                            what containers open
///
/// One writer for each volume at a time; blocks.
final class AtomicWriter {
    private static final String DATA = "..data";
    private static final String NEW_DATA = "..data_tmp";
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy_MM_dd_HH_mm_ss.", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Path volume;
    private final Time time;
    private final Optional<Integer> group;

    /// `group` gets to read every file, if there is one.
    AtomicWriter(Path volume, Time time, Optional<Integer> group) {
        this.volume = volume;
        this.time = time;
        this.group = group;
    }

    static boolean wasWritten(Path volume) {
        return Files.isSymbolicLink(volume.resolve(DATA));
    }

    /// False when the volume holds exactly this already.
    boolean write(Payload payload) throws IOException {
        payload.files().keySet().forEach(AtomicWriter::verify);
        var data = volume.resolve(DATA);
        Optional<Path> old = Files.isSymbolicLink(data)
                ? Optional.of(volume.resolve(Files.readSymbolicLink(data)))
                : Optional.empty();
        if (old.isPresent() && holds(old.get(), payload)) {
            return false;
        }
        var fresh = fill(payload);
        var link = volume.resolve(NEW_DATA);
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, fresh.getFileName());
        Files.move(link, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        link(payload);
        if (old.isPresent()) {
            delete(old.get());
        }
        return true;
    }

    private static void verify(String path) {
        var parsed = Path.of(path);
        boolean leaves = parsed.isAbsolute() || parsed.getNameCount() == 0;
        for (var step : parsed) {
            leaves |= step.toString().equals("..");
        }
        if (leaves || parsed.getName(0).toString().startsWith("..") || path.isEmpty()) {
            throw new IllegalArgumentException("invalid path: \"" + path + "\"");
        }
    }

    private static boolean holds(Path directory, Payload payload) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        var present = new TreeSet<String>();
        try (var files = Files.walk(directory)) {
            for (var file : files.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                var name = directory.relativize(file).toString();
                var wanted = payload.files().get(name);
                if (wanted == null || !wanted.sameContent(Files.readAllBytes(file))) {
                    return false;
                }
                present.add(name);
            }
        }
        return present.equals(payload.files().keySet());
    }

    private Path fill(Payload payload) throws IOException {
        var now = time.instant();
        int nanos = now.getNano();
        var directory = volume.resolve(".." + STAMP.format(now) + nanos);
        while (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            directory = volume.resolve(".." + STAMP.format(now) + ++nanos);
        }
        Ownership.makeDirectory(directory, 0755, group);
        for (var entry : payload.files().entrySet()) {
            var target = directory.resolve(entry.getKey());
            makeParents(directory, target.getParent());
            var file = entry.getValue();
            Files.write(target, file.content());
            Ownership.giveFile(target, file.mode(), file.owner(), group);
        }
        return directory;
    }

    private void makeParents(Path top, Path directory) throws IOException {
        if (directory.equals(top) || Files.isDirectory(directory)) {
            return;
        }
        makeParents(top, directory.getParent());
        Ownership.makeDirectory(directory, 0755, group);
    }

    /// What containers open: one link for each first step of a path.
    private void link(Payload payload) throws IOException {
        Set<String> wanted = payload.files().keySet().stream()
                .map(path -> Path.of(path).getName(0).toString())
                .collect(Collectors.toCollection(TreeSet::new));
        for (var name : wanted) {
            var link = volume.resolve(name);
            if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(link, Path.of(DATA, name));
            }
        }
        try (var present = Files.list(volume)) {
            for (var link : present.filter(Files::isSymbolicLink).toList()) {
                var name = link.getFileName().toString();
                if (!name.startsWith("..") && !wanted.contains(name)) {
                    Files.delete(link);
                }
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
