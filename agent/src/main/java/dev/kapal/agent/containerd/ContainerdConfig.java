package dev.kapal.agent.containerd;

import java.nio.file.Files;
import java.nio.file.Path;

/// Where our containerd keeps its things and how it is set up. Immutable.
///
/// @param data lasting files: images, snapshots, the configuration, the log
/// @param state what is gone after a reboot: socket, pid file, mounts of running containers; a short path, because
///     a unix socket's is at most 107 bytes
/// @param cniConf where the network configuration of pods appears
/// @param cniBin where the CNI plugins are
/// @param sandboxImage the image of the process that holds a pod's namespaces
public record ContainerdConfig(Path data, Path state, Path cniConf, Path cniBin, String sandboxImage) {
    private static final int LONGEST_SOCKET = 107;

    public ContainerdConfig {
        data = data.toAbsolutePath().normalize();
        state = state.toAbsolutePath().normalize();
        int length = state.resolve("containerd.sock.ttrpc").toString().length();
        if (length > LONGEST_SOCKET) {
            throw new IllegalArgumentException(
                    "the state directory's path is too long for a unix socket in it: " + state);
        }
    }

    /// Under the data directory of the node, with Debian's CNI plugins, or the usual directory when those are missing.
    public static ContainerdConfig under(Path dataDir, Path state, String sandboxImage) {
        var debian = Path.of("/usr/lib/cni");
        var cniBin = Files.isDirectory(debian) ? debian : Path.of("/opt/cni/bin");
        return new ContainerdConfig(
                dataDir.resolve("containerd"), state, dataDir.resolve("cni/net.d"), cniBin, sandboxImage);
    }

    public Path socket() {
        return state.resolve("containerd.sock");
    }

    Path file() {
        return data.resolve("config.toml");
    }

    Path log() {
        return data.resolve("containerd.log");
    }

    Path pidFile() {
        return state.resolve("containerd.pid");
    }

    Path root() {
        return data.resolve("root");
    }

    Path runState() {
        return state.resolve("run");
    }

    /// The file in containerd's configuration format, version 2.
    String toml(Snapshotter snapshotter) {
        return """
                # Written by kapal at each start of containerd; changes are lost.
                version = 2
                root = %s
                state = %s
                # What a node does not use only costs memory.
                disabled_plugins = [
                  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
                  "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs",
                  "io.containerd.internal.v1.opt", "io.containerd.internal.v1.tracing",
                  "io.containerd.tracing.processor.v1.otlp",
                ]

                [grpc]
                  address = %s

                [debug]
                  level = "warn"

                [plugins."io.containerd.grpc.v1.cri"]
                  sandbox_image = %s
                  # A node inside a container may not raise its importance for the out-of-memory killer.
                  restrict_oom_score_adj = true
                  stream_server_address = "127.0.0.1"
                  stream_server_port = "0"
                  netns_mounts_under_state_dir = true
                  enable_unprivileged_ports = true
                  enable_unprivileged_icmp = true

                  [plugins."io.containerd.grpc.v1.cri".cni]
                    bin_dir = %s
                    conf_dir = %s

                  [plugins."io.containerd.grpc.v1.cri".containerd]
                    snapshotter = %s
                    default_runtime_name = "runc"

                    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
                      runtime_type = "io.containerd.runc.v2"

                      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
                        SystemdCgroup = false

                  [plugins."io.containerd.grpc.v1.cri".registry]
                    config_path = %s
                """.formatted(
                        quoted(root()),
                        quoted(runState()),
                        quoted(socket()),
                        quoted(sandboxImage),
                        quoted(cniBin),
                        quoted(cniConf),
                        quoted(snapshotter.word()),
                        quoted(data.resolve("registries")));
    }

    private static String quoted(Object text) {
        return '"' + text.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
