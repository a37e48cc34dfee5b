package dev.kapal.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// One real kubectl on this machine. `./kapal test` puts Debian's 1.20 and, where npm is there, one of the served API's
/// own release into `.kapal/tools`; what else is installed under a name with a release is used, too.
///
/// @param minor the release, 20 for 1.20
public record KubectlBinary(int minor, Path path) {
    private static final Pattern NAME = Pattern.compile("kubectl[.-]1\\.([0-9]+)");

    /// All of them, the oldest first, one of each release. Throws when there is none.
    public static List<KubectlBinary> all() {
        var byMinor = new TreeMap<Integer, KubectlBinary>();
        for (var directory : List.of(Path.of("/usr/lib/google-cloud-sdk/bin"), tools())) {
            in(directory).forEach(binary -> byMinor.put(binary.minor(), binary));
        }
        if (byMinor.isEmpty()) {
            throw new IllegalStateException("there is no kubectl in " + tools() + "; ./kapal test puts one there");
        }
        return List.copyOf(byMinor.values());
    }

    /// The oldest, one from the middle and the newest: what lies between them speaks as one of its neighbours.
    public static List<KubectlBinary> span() {
        var all = all();
        return Stream.of(0, all.size() / 2, all.size() - 1)
                .distinct()
                .map(all::get)
                .toList();
    }

    public static KubectlBinary oldest() {
        return all().getFirst();
    }

    public static KubectlBinary newest() {
        return all().getLast();
    }

    /// The project's root, wherever below it the tests run.
    public static Path home() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.isExecutable(here.resolve("kapal"))) {
            here = here.getParent();
        }
        return here;
    }

    private static Path tools() {
        return home().resolve(".kapal/tools");
    }

    private static List<KubectlBinary> in(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        var found = new ArrayList<KubectlBinary>();
        try (var files = Files.list(directory)) {
            files.filter(Files::isExecutable)
                    .sorted(Comparator.comparing(Path::toString))
                    .forEach(file -> {
                        var name = NAME.matcher(file.getFileName().toString());
                        if (name.matches()) {
                            found.add(new KubectlBinary(Integer.parseInt(name.group(1)), file));
                        }
                    });
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return found;
    }

    @Override
    public String toString() {
        return "kubectl 1." + minor;
    }
}
