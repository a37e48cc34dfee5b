package dev.kapal.dist;

import dev.kapal.agent.join.BootstrapToken;
import dev.kapal.agent.join.NodeCertificates;
import dev.kapal.apiserver.AdvertiseAddress;
import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.cli.ClusterOptions;
import dev.kapal.cli.DataDirectory;
import dev.kapal.cli.Refusal;
import dev.kapal.client.Clients;
import dev.kapal.client.KubeconfigFile;
import dev.kapal.client.ServerAccess;
import dev.kapal.pki.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `kapal agent`: this machine as a node of a cluster that runs elsewhere, in the foreground.
@Command(
        name = "agent",
        description = {
            "Runs this machine as a node of a cluster that runs elsewhere.",
            "The first time it needs --server, --token and --ca-hash, as `kapal token create` prints them there."
        })
final class AgentCommand implements Callable<Integer> {
    private static final Log log = Log.of(AgentCommand.class);

    @Mixin
    private ClusterOptions cluster;

    @Option(names = "--server", paramLabel = "URL", description = "the cluster's API server, https://HOST:6443")
    private String server;

    @Option(names = "--token", paramLabel = "T", description = "lets this machine ask for its certificate")
    private String token;

    @Option(names = "--ca-hash", paramLabel = "H", description = "the cluster's authority, sha256:…")
    private String hash;

    @Option(names = "--node-name", paramLabel = "N", description = "the node's name (that of the machine)")
    private String nodeName;

    @Option(
            names = "--node-ip",
            paramLabel = "IP",
            description = "where others reach this machine (the address of the default route)")
    private String nodeIp;

    @Option(
            names = "--runtime-endpoint",
            paramLabel = "SOCKET",
            description = "uses the container runtime at this CRI socket instead of a containerd of its own")
    private String runtimeEndpoint;

    @Option(names = "--verbose", description = "logs at debug level")
    private boolean verbose;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!DataDirectory.isRoot()) {
            throw new Refusal("a node runs containers and needs root; use sudo");
        }
        return Foreground.run("agent-process", verbose, this::start);
    }

    private void start(Life life) throws IOException, InterruptedException {
        var data = cluster.data().create();
        if (Files.exists(data.pki().resolve("ca.key"))) {
            throw new Refusal(
                    "%s is that of a control plane; give the agent a data directory of its own with --data-dir"
                            .formatted(data.root()));
        }
        var time = Time.system();
        var metrics = new Metrics();
        String name = nodeName == null ? Node.machineName() : nodeName;
        var certificates = new NodeCertificates(data.pki(), name, time);
        Path kubeconfig = data.agentKubeconfig();
        if (!certificates.hasJoined()) {
            join(certificates);
        }
        if (server != null) {
            new KubeconfigFile(
                            "kapal",
                            "system:node:" + name,
                            server,
                            Pem.encode(certificates.roots().certificates()))
                    .writeReferring(kubeconfig, data.pki(), NodeCertificates.CLIENT);
        }
        var access = ServerAccess.of(kubeconfig, time);
        var client = life.own(Clients.https(access));
        var runtime = Optional.ofNullable(runtimeEndpoint).map(text -> Path.of(text.replaceFirst("^unix://", "")));
        var node = life.own(Node.withRuntime(data, name, runtime, time, metrics));
        node.join(client, certificates, nodeIp == null ? AdvertiseAddress.find("127.0.0.1") : nodeIp);
        log.info("node started", "node", name, "server", access.url());
    }

    private void join(NodeCertificates certificates) throws IOException, InterruptedException {
        if (server == null || token == null || hash == null) {
            throw new Refusal(
                    "this machine has not joined a cluster, or its certificate has ended; run ./kapal token create there, and here what it prints");
        }
        certificates.join(server, BootstrapToken.parse(token), hash);
    }
}
