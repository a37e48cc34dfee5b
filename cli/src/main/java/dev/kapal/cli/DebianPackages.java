package dev.kapal.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/// What a node needs from the distribution: found by the programs themselves, named by Debian's packages.
final class DebianPackages {
    private static final List<String> DIRECTORIES = List.of(
            "/usr/local/sbin",
            "/usr/local/bin",
            "/usr/sbin",
            "/usr/bin",
            "/sbin",
            "/bin",
            "/usr/lib/cni",
            "/opt/cni/bin");

    /// Program → the package that has it.
    private static final Map<String, String> NEEDED = Map.ofEntries(
            Map.entry("containerd", "containerd"),
            Map.entry("ctr", "containerd"),
            Map.entry("runc", "runc"),
            Map.entry("bridge", "containernetworking-plugins"),
            Map.entry("host-local", "containernetworking-plugins"),
            Map.entry("nft", "nftables"),
            Map.entry("iptables", "iptables"),
            Map.entry("ip", "iproute2"),
            Map.entry("conntrack", "conntrack"),
            Map.entry("mount", "mount"),
            Map.entry("setsid", "util-linux"));

    private DebianPackages() {}

    /// The packages that are missing here, sorted.
    static List<String> missing() {
        var missing = new TreeSet<String>();
        NEEDED.forEach((program, name) -> {
            if (!isInstalled(program)) {
                missing.add(name);
            }
        });
        return new ArrayList<>(missing);
    }

    /// Installs what is missing with apt-get, or says what to install. Needs root.
    static void install(List<String> missing) throws InterruptedException {
        if (missing.isEmpty()) {
            return;
        }
        String names = String.join(" ", missing);
        if (!Files.isExecutable(Path.of("/usr/bin/apt-get"))) {
            throw new Refusal("these programs are missing, install them first: " + names);
        }
        System.err.println("kapal: installing " + names);
        var install = new ArrayList<>(List.of("apt-get", "install", "-y", "-qq", "--no-install-recommends"));
        install.addAll(missing);
        // An old list of packages is often good enough, so its refresh may fail.
        run(List.of("apt-get", "update", "-qq"));
        if (run(install) != 0) {
            throw new Refusal("apt-get could not install them; install them by hand: apt-get install " + names);
        }
        var still = missing();
        if (!still.isEmpty()) {
            throw new Refusal("still missing after installing: " + String.join(" ", still));
        }
    }

    private static boolean isInstalled(String program) {
        return DIRECTORIES.stream().anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    private static int run(List<String> command) throws InterruptedException {
        var builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
        try {
            var process = builder.start();
            if (!process.waitFor(10, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                return -1;
            }
            return process.exitValue();
        } catch (IOException failure) {
            return -1;
        }
    }
}
