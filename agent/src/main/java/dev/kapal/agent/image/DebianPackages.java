package dev.kapal.agent.image;

import dev.kapal.linux.Command;
import dev.kapal.linux.Commands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The files of Debian packages: of this machine when a package is installed, otherwise downloaded and unpacked, never
/// installed. One thread.
///
/// Paths in the answers are those of a merged `/usr`: `/bin/sh` appears as `/usr/bin/sh`.
final class DebianPackages {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    /// A line of what apt-get would do.
    private static final Pattern INSTALLED = Pattern.compile("(?m)^Inst (\\S+)");

    private static final List<String> MERGED = List.of("/bin/", "/sbin/", "/lib/", "/lib64/");

    private final Path downloads;
    private final Path unpacked;
    private final Set<String> fetched = new LinkedHashSet<>();

    /// @param cache keeps downloaded packages for the next time
    DebianPackages(Path cache) {
        downloads = cache.resolve("packages").toAbsolutePath();
        unpacked = cache.resolve("unpacked").toAbsolutePath();
    }

    /// Every regular file and link of the packages: path in an image to file of this machine.
    Map<String, Path> files(List<String> names) throws IOException, InterruptedException {
        var files = new TreeMap<String, Path>();
        for (var name : names) {
            if (isInstalled(name)) {
                for (var line : run("dpkg", "-L", name).split("\n")) {
                    add(files, line.strip(), Path.of(line.strip()));
                }
            } else {
                addTree(files, fetch(name));
            }
        }
        return files;
    }

    /// The regular file that is at `path` of an image: in one of the unpacked packages, or on this machine.
    Optional<Path> find(String path) {
        var places = Stream.concat(fetched.stream().map(unpacked::resolve), Stream.of(Path.of("/")));
        return places.flatMap(root ->
                        Stream.of(path, path.replaceFirst("^/usr/", "/")).map(name -> root.resolve(name.substring(1))))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /// Where the unpacked packages keep shared libraries; to be searched before the machine's own.
    List<Path> libraryDirectories(Architecture architecture) {
        return fetched.stream()
                .map(unpacked::resolve)
                .flatMap(root -> List.of("lib", "usr/lib").stream()
                        .map(part -> root.resolve(part).resolve(architecture.debianTriplet())))
                .filter(Files::isDirectory)
                .toList();
    }

    /// Downloads what would be installed with the packages on this machine.
    void fetchDependencies(List<String> names) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("apt-get", "--simulate", "--no-install-recommends", "install"));
        command.addAll(names);
        var plan = INSTALLED.matcher(run(command.toArray(String[]::new)));
        for (var dependency : plan.results().map(match -> match.group(1)).toList()) {
            fetch(dependency);
        }
    }

    private static boolean isInstalled(String name) throws IOException, InterruptedException {
        try {
            return run("dpkg-query", "-W", "-f=${db:Status-Status}", name).startsWith("installed");
        } catch (IOException unknown) {
            return false;
        }
    }

    /// The root of the unpacked package.
    private Path fetch(String name) throws IOException, InterruptedException {
        var root = unpacked.resolve(name);
        fetched.add(name);
        if (Files.isDirectory(root)) {
            return root;
        }
        Files.createDirectories(unpacked);
        var scratch = downloads.resolve(name);
        Directories.delete(scratch);
        Files.createDirectories(scratch);
        download(name, scratch);
        try (var found = Files.list(scratch)) {
            var archive = found.findFirst().orElseThrow(() -> new IOException("apt-get brought no package " + name));
            var draft = unpacked.resolve("." + name);
            Directories.delete(draft);
            run("dpkg-deb", "--extract", archive.toString(), draft.toString());
            Files.move(draft, root);
        }
        return root;
    }

    private static void download(String name, Path directory) throws IOException, InterruptedException {
        try {
            run("env", "-C", directory.toString(), "apt-get", "-q", "download", name);
        } catch (IOException noLists) {
            // A fresh machine has no package lists yet.
            run("apt-get", "-q", "update");
            run("env", "-C", directory.toString(), "apt-get", "-q", "download", name);
        }
    }

    private static void addTree(Map<String, Path> files, Path root) throws IOException {
        try (var walk = Files.walk(root)) {
            for (var path : (Iterable<Path>) walk::iterator) {
                add(files, "/" + root.relativize(path), path);
            }
        }
    }

    private static void add(Map<String, Path> files, String name, Path file) {
        boolean isRoot = MERGED.contains(name + "/");
        boolean isLink = Files.isSymbolicLink(file) && !isRoot;
        if (isLink || Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            files.put(merged(name), file);
        }
    }

    /// As the path reads where `/bin`, `/sbin`, `/lib` and `/lib64` are links into `/usr`.
    static String merged(String path) {
        return MERGED.stream().anyMatch(path::startsWith) ? "/usr" + path : path;
    }

    private static String run(String... words) throws IOException, InterruptedException {
        return Commands.system().require(Command.of(words).within(LIMIT));
    }
}
