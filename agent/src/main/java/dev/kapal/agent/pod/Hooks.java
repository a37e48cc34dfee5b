package dev.kapal.agent.pod;

import dev.kapal.agent.cri.ContainerRuntime;
import dev.kapal.agent.cri.CriException;
import dev.kapal.agent.probe.Checks;
import dev.kapal.agent.probe.Outcome;
import dev.kapal.agent.probe.Ports;
import dev.kapal.base.time.Time;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import io.fabric8.kubernetes.api.model.TCPSocketAction;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;

/// Runs what a container asks for after its start and before its stop. Any thread; blocks until the hook is done.
///
/// Source: LifecycleHandler API; Kubernetes documentation, "Container Lifecycle Hooks".
final class Hooks {
    /// How long a hook over the network may take when nothing else limits it.
    private static final Duration NETWORK = Duration.ofSeconds(60);

    private final ContainerRuntime runtime;
    private final Time time;

    Hooks(ContainerRuntime runtime, Time time) {
        this.runtime = runtime;
        this.time = time;
    }

    /// Why the hook failed; empty when it did not. `limit` of zero is none.
    Optional<String> run(
            LifecycleHandler handler, Container container, String containerId, String podIp, Duration limit)
            throws InterruptedException {
        if (handler.getExec() != null) {
            return exec(handler, containerId, limit);
        }
        if (handler.getSleep() != null) {
            var asked = Duration.ofSeconds(handler.getSleep().getSeconds());
            time.sleep(limit.isZero() || asked.compareTo(limit) < 0 ? asked : limit);
            return Optional.empty();
        }
        var network = limit.isZero() || limit.compareTo(NETWORK) > 0 ? NETWORK : limit;
        if (handler.getHttpGet() != null) {
            return switch (Checks.http(handler.getHttpGet(), container, podIp).ask(network)) {
                case Outcome.Success success -> Optional.empty();
                case Outcome.Warning warning -> Optional.empty();
                case Outcome.Failure failure -> Optional.of(failure.output());
                case Outcome.Broken broken -> Optional.of(broken.output());
            };
        }
        if (handler.getTcpSocket() != null) {
            return tcp(handler.getTcpSocket(), container, podIp, network);
        }
        return Optional.of("invalid handler");
    }

    private Optional<String> exec(LifecycleHandler handler, String containerId, Duration limit)
            throws InterruptedException {
        var command = handler.getExec().getCommand();
        try {
            var done = runtime.execSync(containerId, command, limit);
            if (done.getExitCode() == 0) {
                return Optional.empty();
            }
            return Optional.of("command '" + String.join(" ", command) + "' exited with " + done.getExitCode() + ": "
                    + done.getStderr().toStringUtf8());
        } catch (CriException failure) {
            return Optional.of(failure.getMessage());
        }
    }

    private static Optional<String> tcp(TCPSocketAction action, Container container, String podIp, Duration limit) {
        var port = Ports.resolve(action.getPort(), container);
        if (port.isEmpty()) {
            return Optional.of("couldn't find port: " + action.getPort().getStrVal());
        }
        var host = action.getHost() == null || action.getHost().isEmpty() ? podIp : action.getHost();
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port.get()), (int) limit.toMillis());
            return Optional.empty();
        } catch (IOException failure) {
            return Optional.of(String.valueOf(failure.getMessage()));
        }
    }
}
