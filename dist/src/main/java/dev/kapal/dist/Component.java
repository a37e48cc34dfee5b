package dev.kapal.dist;

import dev.kapal.cli.DataDirectory;
import java.nio.file.Path;
import java.util.Locale;

/// The parts that run against an API server in another process and of which one leads.
enum Component {
    CONTROLLER_MANAGER(10257),
    SCHEDULER(10259);

    private final int port;

    Component(int port) {
        this.port = port;
    }

    /// Upstream's port for what it tells of itself.
    int port() {
        return port;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// As whom it is known, without `system:`, and what its lease is called.
    String lease() {
        return "kube-" + word();
    }

    String user() {
        return "system:" + lease();
    }

    Path kubeconfig(DataDirectory data) {
        return data.root().resolve(word() + ".kubeconfig");
    }
}
