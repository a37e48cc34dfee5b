package dev.kapal.agent.image;

import dev.kapal.linux.Command;
import dev.kapal.linux.Commands;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The shared libraries that programs need to start, as the dynamic linker of this machine finds them. Immutable.
///
/// @param found path in an image to the file of this machine
/// @param missing names that the linker did not find
record SharedLibraries(Map<String, Path> found, Set<String> missing) {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};
    /// `libz.so.1 => /lib/…/libz.so.1 (0x…)`, or `/lib64/ld-linux-x86-64.so.2 (0x…)`.
    private static final Pattern FOUND = Pattern.compile("(?m)^\\s+(?:(\\S+) => )?(/\\S+) \\(0x");

    private static final Pattern MISSING = Pattern.compile("(?m)^\\s+(\\S+) => not found");

    /// Those of all the programs and libraries among `files`; other files are passed over. `directories` are searched
    /// before the system's.
    static SharedLibraries neededBy(Collection<Path> files, List<Path> directories, Architecture architecture)
            throws IOException, InterruptedException {
        var found = new TreeMap<String, Path>();
        var missing = new TreeSet<String>();
        var searched = String.join(":", directories.stream().map(Path::toString).toList());
        for (var file : files) {
            if (!isElf(file)) {
                continue;
            }
            String output;
            try {
                output = run("env", "LD_LIBRARY_PATH=" + searched, "ldd", file.toString());
            } catch (IOException isStatic) {
                continue;
            }
            FOUND.matcher(output).results().forEach(match -> {
                var path = Path.of(match.group(2));
                found.put(placeOf(path, architecture), path);
            });
            MISSING.matcher(output).results().forEach(match -> missing.add(match.group(1)));
        }
        return new SharedLibraries(Map.copyOf(found), Set.copyOf(missing));
    }

    /// The linker itself has its place in every program's header; libraries go where it looks first.
    private static String placeOf(Path library, Architecture architecture) {
        var name = library.getFileName().toString();
        return name.startsWith("ld-linux")
                ? DebianPackages.merged(library.toString())
                : "/usr/lib/" + architecture.debianTriplet() + "/" + name;
    }

    private static boolean isElf(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(ELF.length), ELF);
        }
    }

    private static String run(String... words) throws IOException, InterruptedException {
        return Commands.system().require(Command.of(words).within(LIMIT));
    }
}
