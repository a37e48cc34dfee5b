package dev.kapal.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// Where a cluster keeps everything. The one place that knows the names in it.
///
/// - `kubeconfig`: the administrator's access
/// - `pki/`: certificates and keys
/// - `store/`: the cluster's state
/// - `containerd/`: images and containers; `cni/`: the pods' network; `pods/`: their volumes
/// - `run/`: sockets, and who runs; `log/`: what the processes said
public record DataDirectory(Path root) {
    /// The longest path of a unix socket, less the longest name under [#run()].
    private static final int LONGEST = 108 - "/run/containerd/containerd.sock.ttrpc".length() - 1;

    public DataDirectory {
        root = root.toAbsolutePath().normalize();
        if (root.toString().length() > LONGEST) {
            throw new Refusal("the data directory's path is too long for unix sockets (%d characters, at most %d): %s"
                    .formatted(root.toString().length(), LONGEST, root));
        }
    }

    /// `/var/lib/kapal` for root, the user's data directory otherwise.
    public static Path usual() {
        if (isRoot()) {
            return Path.of("/var/lib/kapal");
        }
        String home = System.getenv("XDG_DATA_HOME");
        return home != null && !home.isBlank()
                ? Path.of(home, "kapal")
                : Path.of(System.getProperty("user.home"), ".local/share/kapal");
    }

    public static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    public Path kubeconfig() {
        return root.resolve("kubeconfig");
    }

    public Path pki() {
        return root.resolve("pki");
    }

    /// The keys that Secrets are stored under, unless the user has a file of their own.
    public Path encryption() {
        return pki().resolve("encryption.json");
    }

    /// How an agent of a cluster that runs elsewhere reaches it; only there in the agent's own data directory.
    public Path agentKubeconfig() {
        return root.resolve("agent.kubeconfig");
    }

    public Path store() {
        return root.resolve("store");
    }

    public Path containerd() {
        return root.resolve("containerd");
    }

    public Path cni() {
        return root.resolve("cni");
    }

    public Path pods() {
        return root.resolve("pods");
    }

    public Path images() {
        return root.resolve("images");
    }

    public Path run() {
        return root.resolve("run");
    }

    public Path log() {
        return root.resolve("log");
    }

    /// Who did what, unless an option says another place.
    public Path auditLog() {
        return log().resolve("audit.log");
    }

    /// The log of the background process.
    public Path serverLog() {
        return log().resolve("kapal.log");
    }

    /// The socket of a container runtime that is somebody else's, if the node uses one.
    public Path runtimeEndpoint() {
        return root.resolve("runtime-endpoint");
    }

    /// Who runs the cluster in the background.
    public Path serverPid() {
        return run().resolve("kapal.pid");
    }

    /// Makes the directory and those that everybody needs, readable by its owner only.
    public DataDirectory create() {
        try {
            var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
            Files.createDirectories(root, owner);
            Files.createDirectories(run(), owner);
            Files.createDirectories(log(), owner);
            Files.createDirectories(pki(), owner);
            return this;
        } catch (IOException failure) {
            throw new Refusal("the data directory %s cannot be made (%s); choose another with --data-dir"
                    .formatted(root, failure.getMessage()));
        }
    }
}
