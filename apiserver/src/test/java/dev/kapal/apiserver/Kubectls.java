package dev.kapal.apiserver;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// The real kubectls of this machine: none, one or several.
public final class Kubectls {
    private Kubectls() {}

    public static Stream<Path> all() {
        return Stream.of(
                        System.getProperty("kapal.kubectl", ""),
                        "/tmp/k120/usr/bin/kubectl",
                        "/usr/lib/google-cloud-sdk/bin/kubectl.1.27",
                        "/usr/lib/google-cloud-sdk/bin/kubectl.1.33",
                        "/usr/bin/kubectl")
                .filter(name -> !name.isEmpty())
                .map(Path::of)
                .filter(Files::isExecutable)
                .distinct();
    }
}
