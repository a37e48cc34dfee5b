package dev.kapal.dist;

import dev.kapal.agent.containerd.MissingBinariesException;
import dev.kapal.apiserver.AccessOptions;
import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.base.log.LogFormat;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.cli.ClusterOptions;
import dev.kapal.cli.DataDirectory;
import dev.kapal.cli.Refusal;
import dev.kapal.pki.ClusterPki;
import dev.kapal.pki.PkiException;
import dev.kapal.store.StoreException;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `kapal server`: the whole cluster of one machine in the foreground, until TERM or INT. Containers outlive it.
@Command(name = "server", description = "Runs control plane and node in the foreground, until it is told to stop.")
final class Server implements Callable<Integer>, SeldomOptions {
    private static final Log log = Log.of(Server.class);

    /// The first start's RSA key for the administrator would take a processor from those who waited for the start, and
    /// the node takes longer.
    private static final Duration FIRST_REQUESTS = Duration.ofMillis(500);

    private final ProtectionOptions protectionOptions = new ProtectionOptions();
    private final AccessFlags access = new AccessFlags();
    private final AdmissionFlags admission = new AdmissionFlags();
    private final ResourceFlags resources = new ResourceFlags();

    @Mixin
    private ClusterOptions cluster;

    @Option(
            names = "--port",
            defaultValue = "6443",
            paramLabel = "P",
            description = "the API server's port (${DEFAULT-VALUE})")
    private int port;

    @Option(names = "--no-node", description = "only the control plane: no root and no containers needed")
    private boolean noNode;

    @Option(
            names = "--runtime-endpoint",
            paramLabel = "SOCKET",
            description = "uses the container runtime at this CRI socket instead of a containerd of its own")
    private String runtimeEndpoint;

    @Option(
            names = "--encryption-provider-config",
            paramLabel = "FILE",
            description = "which resources are stored encrypted, and with which keys (secrets, with a generated key)")
    private Path encryptionConfig;

    @Option(names = "--verbose", description = "logs at debug level")
    private boolean verbose;

    @Override
    public List<Object> seldomOptions() {
        return List.of(protectionOptions, access, admission, resources);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        LogFormat.install(verbose ? Level.FINE : Level.INFO);
        if (!noNode && !DataDirectory.isRoot()) {
            throw new Refusal(
                    "a node runs containers and needs root; use sudo, or --no-node for the control plane alone");
        }
        var data = cluster.data().create();
        // may refuse: before anything is started
        var settings = new ControlPlane.Settings(
                port,
                access.options(),
                protectionOptions.protection(data.auditLog()),
                admission.choice(),
                resources.serving());
        var life = new Life("server");
        var stop = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stop.countDown();
            life.close();
        }));
        try {
            start(data, life, settings, Time.system());
        } catch (BindException taken) {
            throw new Refusal("port %d is taken by another process; choose another with --port".formatted(port));
        } catch (StoreException | PkiException | MissingBinariesException | AccessOptions.UnusableException broken) {
            throw new Refusal(broken.getMessage());
        } catch (InterruptedException ended) {
            if (stop.getCount() > 0) {
                throw ended;
            }
            return 0; // told to stop while it started
        }
        stop.await();
        return 0;
    }

    private void start(DataDirectory data, Life life, ControlPlane.Settings settings, Time time)
            throws IOException, InterruptedException {
        long begun = time.nanos();
        var metrics = new Metrics();
        // containerd takes as long to start as everything else together: it starts beside it.
        Optional<Beside<Node>> node = noNode ? Optional.empty() : Optional.of(prepareNode(data, life, time, metrics));
        var registry = Beside.start(life, "resources", resources::registry);
        var keys = Beside.start(life, "pki", () -> ClusterPki.open(data.pki(), time));
        var store = Storage.open(data, Optional.ofNullable(encryptionConfig), metrics, time, life);
        var pki = keys.result();
        var plane = life.own(ControlPlane.start(pki, store, registry.result(), settings, time, metrics));
        var access = Beside.start(life, "admin-key", () -> {
            if (!Files.exists(data.kubeconfig())) {
                time.sleep(FIRST_REQUESTS);
            }
            return AdminAccess.keep(pki, data.kubeconfig(), plane.port(), time, life);
        });
        log.info("control plane started", "port", plane.port(), "took_ms", (time.nanos() - begun) / 1_000_000);
        if (node.isPresent()) {
            life.own(node.get().result()).join(plane);
            log.info("node started", "took_ms", (time.nanos() - begun) / 1_000_000);
        }
        access.result();
    }

    private Beside<Node> prepareNode(DataDirectory data, Life life, Time time, Metrics metrics) {
        Optional<Path> runtime =
                Optional.ofNullable(runtimeEndpoint).map(text -> Path.of(text.replaceFirst("^unix://", "")));
        return Beside.start(life, "prepare-node", () -> Node.prepare(data, Node.machineName(), runtime, time, metrics));
    }
}
