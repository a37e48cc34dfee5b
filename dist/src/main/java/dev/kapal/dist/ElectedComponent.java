package dev.kapal.dist;

import dev.kapal.base.life.Life;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.cli.DataDirectory;
import dev.kapal.cli.Refusal;
import dev.kapal.client.Clients;
import dev.kapal.client.Key;
import dev.kapal.client.LeaderElection;
import dev.kapal.client.ServerAccess;
import dev.kapal.client.delegated.ComponentServer;
import dev.kapal.client.delegated.Reviews;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import picocli.CommandLine.Option;

/// Options of a component that runs alone, and how it is run: while it holds the lease, if there may be several.
final class ElectedComponent {
    private static final ComponentServer.Check PING = new ComponentServer.Check("ping", () -> true);
    /// Upstream's.
    private static final Duration TOLERANCE = Duration.ofSeconds(20);

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "how to reach the API server (what `kapal apiserver` wrote into the data directory)")
    private Path kubeconfig;

    @Option(
            names = "--leader-elect",
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "true",
            paramLabel = "true|false",
            description = "works only while it holds the lease, so that several may run (${DEFAULT-VALUE})")
    private boolean elect;

    @Option(
            names = "--bind-address",
            paramLabel = "ADDRESS",
            defaultValue = "0.0.0.0",
            description = "where it tells how it is: /healthz, /livez, /readyz, /metrics (${DEFAULT-VALUE})")
    private String address;

    @Option(
            names = "--secure-port",
            paramLabel = "PORT",
            description = "its port, over HTTPS; 0 for none (upstream's: 10257 controller-manager, 10259 scheduler)")
    private Integer port;

    @Option(names = "--verbose", description = "logs at debug level")
    private boolean verbose;

    /// Where the API server is, with the certificates to trust it by.
    record Connection(ServerAccess access, KubernetesClient client, Metrics metrics) {}

    /// Blocks until the process is told to stop.
    ///
    /// @param work starts what the component does; closed when the lease is lost
    int run(Component component, DataDirectory data, Function<Connection, AutoCloseable> work)
            throws IOException, InterruptedException {
        return Foreground.run(component.word(), verbose, life -> start(component, data, work, life));
    }

    private void start(Component component, DataDirectory data, Function<Connection, AutoCloseable> work, Life life)
            throws IOException, InterruptedException {
        var file = kubeconfig == null ? component.kubeconfig(data) : kubeconfig;
        if (!Files.exists(file)) {
            throw new Refusal(
                    "there is no kubeconfig %s; start the API server first (./kapal apiserver), or name one with --kubeconfig"
                            .formatted(file));
        }
        var time = Time.system();
        var access = ServerAccess.of(file, time);
        var connection = new Connection(access, life.own(Clients.https(access)), new Metrics());
        if (!elect) {
            life.own(work.apply(connection));
            serve(component, connection, List.of(PING), time, life);
            return;
        }
        var lease = new Key("kube-system", component.lease());
        var identity = Node.machineName() + "_" + UUID.randomUUID();
        var election = life.own(LeaderElection.start(
                connection.client(), LeaderElection.Config.of(lease, identity), () -> work.apply(connection), time));
        var leads = new ComponentServer.Check("leaderElection", () -> !election.isOverdue(TOLERANCE));
        serve(component, connection, List.of(PING, leads), time, life);
    }

    private void serve(
            Component component, Connection connection, List<ComponentServer.Check> checks, Time time, Life life)
            throws IOException {
        int wanted = port == null ? component.port() : port;
        if (wanted == 0) {
            return;
        }
        life.own(ComponentServer.start(
                component.lease(),
                new InetSocketAddress(address, wanted),
                connection.access().roots(),
                new Reviews(connection.client(), time),
                connection.metrics(),
                checks,
                time));
    }
}
