package dev.kapal.agent.containerd;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The programs that running containers takes, and the Debian packages they come in. Immutable.
public final class Binaries {
    private static final Map<String, String> PACKAGES = packages();
    private static final List<String> PLUGINS = List.of("bridge", "host-local", "loopback");
    private static final String PLUGIN_PACKAGE = "containernetworking-plugins";

    private final List<Path> path;
    private final Path cniBin;

    Binaries(List<Path> path, Path cniBin) {
        this.path = List.copyOf(path);
        this.cniBin = cniBin;
    }

    /// Looks through `PATH` and the system directories that a user's `PATH` often lacks.
    public static Binaries ofThisMachine(Path cniBin) {
        var directories = new LinkedHashSet<Path>();
        Arrays.stream(Optional.ofNullable(System.getenv("PATH")).orElse("").split(":"))
                .filter(part -> !part.isEmpty())
                .map(Path::of)
                .forEach(directories::add);
        List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
                .forEach(part -> directories.add(Path.of(part)));
        return new Binaries(List.copyOf(directories), cniBin);
    }

    /// The search path for the programs that containerd itself starts.
    String searchPath() {
        return String.join(":", path.stream().map(Path::toString).toList());
    }

    public Optional<Path> find(String program) {
        return path.stream()
                .map(directory -> directory.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /// One sentence that names what is missing and how to get it; empty when all is there.
    public Optional<String> missing() {
        var programs = new ArrayList<String>();
        var packages = new LinkedHashSet<String>();
        PACKAGES.forEach((program, name) -> {
            if (find(program).isEmpty()) {
                programs.add(program);
                packages.add(name);
            }
        });
        for (var plugin : PLUGINS) {
            if (!Files.isExecutable(cniBin.resolve(plugin))) {
                programs.add("the CNI plugin " + plugin);
                packages.add(PLUGIN_PACKAGE);
            }
        }
        return programs.isEmpty()
                ? Optional.empty()
                : Optional.of("containers cannot run because " + String.join(", ", programs)
                        + (programs.size() == 1 ? " is" : " are") + " missing: apt-get install "
                        + String.join(" ", packages));
    }

    private static Map<String, String> packages() {
        var map = new LinkedHashMap<String, String>();
        map.put("containerd", "containerd");
        map.put("containerd-shim-runc-v2", "containerd");
        map.put("ctr", "containerd");
        map.put("runc", "runc");
        map.put("mount", "mount");
        map.put("setsid", "util-linux");
        return map;
    }
}
