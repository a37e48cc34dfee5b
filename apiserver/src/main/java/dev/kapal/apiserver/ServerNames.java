package dev.kapal.apiserver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/// Under which names and addresses clients reach the server. Pure, but for the machine's own name.
final class ServerNames {
    private ServerNames() {}

    static List<String> of(ApiServerConfig config) {
        var names = new TreeSet<>(List.of(
                "kubernetes",
                "kubernetes.default",
                "kubernetes.default.svc",
                "kubernetes.default.svc.cluster.local",
                "localhost",
                "127.0.0.1",
                config.advertiseAddress(),
                ServiceRange.of(config.serviceCidr()).first()));
        names.addAll(ownName());
        return List.copyOf(names);
    }

    /// From the kernel: asking the resolver can take seconds on a machine without a network.
    private static List<String> ownName() {
        try {
            String name = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
            return name.isEmpty() ? List.of() : List.of(name);
        } catch (IOException another) {
            return List.of();
        }
    }
}
