package dev.kapal.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// One real kubectl binary, bound to a kubeconfig and a namespace.
record Kubectl(String version, Path binary, Path kubeconfig, String namespace) {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Path GOOGLE = Path.of("/usr/lib/google-cloud-sdk/bin");

    /// Debian's kubectl 1.20 always, and the others that are found on this machine, the newest last.
    static List<Kubectl> all(Path kubeconfig) {
        var found = new ArrayList<Kubectl>();
        found.add(debian(kubeconfig));
        if (Files.isDirectory(GOOGLE)) {
            try (Stream<Path> files = Files.list(GOOGLE)) {
                files.filter(file -> file.getFileName().toString().matches("kubectl\\.1\\.[0-9]+"))
                        .sorted(Comparator.comparing(Path::toString))
                        .map(file -> new Kubectl(
                                file.getFileName().toString().substring("kubectl.".length()),
                                file,
                                kubeconfig,
                                "default"))
                        .forEach(found::add);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
        return found;
    }

    /// The oldest, one from the middle and the newest: what lies between them speaks as one of its neighbours.
    static List<Kubectl> span(Path kubeconfig) {
        var all = all(kubeconfig);
        return List.of(0, all.size() / 2, all.size() - 1).stream()
                .distinct()
                .map(all::get)
                .toList();
    }

    static Kubectl debian(Path kubeconfig) {
        return new Kubectl("1.20", Cluster.home().resolve(".kapal/tools/kubectl-debian"), kubeconfig, "default");
    }

    /// The newest one on this machine.
    static Kubectl newest(Path kubeconfig) {
        return all(kubeconfig).getLast();
    }

    Kubectl in(String otherNamespace) {
        return new Kubectl(version, binary, kubeconfig, otherNamespace);
    }

    /// Runs and fails the test unless it ends with 0; answers with standard output.
    String run(String... arguments) {
        return attempt(arguments).ok().out();
    }

    Run attempt(String... arguments) {
        return Run.of(LIMIT, Map.of(), new byte[0], command(arguments));
    }

    /// As [#run(String...)] with `input` on standard input.
    String feed(String input, String... arguments) {
        return Run.of(LIMIT, Map.of(), Run.bytes(input), command(arguments))
                .ok()
                .out();
    }

    void apply(String manifest) {
        feed(manifest, "apply", "-f", "-");
    }

    /// Asks again until the answer contains `expected`; fails after `limit` with the last answer.
    String until(Duration limit, String expected, String... arguments) {
        return Patience.until(limit, () -> attempt(arguments).out(), answer -> answer.contains(expected), expected);
    }

    List<String> command(String... arguments) {
        var command = new ArrayList<>(
                List.of(binary.toString(), "--kubeconfig", kubeconfig.toString(), "--namespace", namespace));
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    @Override
    public String toString() {
        return "kubectl " + version;
    }
}
