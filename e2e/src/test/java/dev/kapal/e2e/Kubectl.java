package dev.kapal.e2e;

import dev.kapal.testkit.KubectlBinary;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// One real kubectl binary, bound to a kubeconfig and a namespace.
record Kubectl(KubectlBinary binary, Path kubeconfig, String namespace) {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    /// The oldest, one from the middle and the newest of this machine.
    static List<Kubectl> span(Path kubeconfig) {
        return KubectlBinary.span().stream()
                .map(binary -> new Kubectl(binary, kubeconfig, "default"))
                .toList();
    }

    static Kubectl newest(Path kubeconfig) {
        return new Kubectl(KubectlBinary.newest(), kubeconfig, "default");
    }

    String version() {
        return "1." + binary.minor();
    }

    Kubectl in(String otherNamespace) {
        return new Kubectl(binary, kubeconfig, otherNamespace);
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
                List.of(binary.path().toString(), "--kubeconfig", kubeconfig.toString(), "--namespace", namespace));
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    @Override
    public String toString() {
        return binary.toString();
    }
}
