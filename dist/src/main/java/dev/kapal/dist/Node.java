package dev.kapal.dist;

import dev.kapal.agent.Agent;
import dev.kapal.agent.AgentConfig;
import dev.kapal.agent.containerd.Containerd;
import dev.kapal.agent.containerd.ContainerdConfig;
import dev.kapal.agent.cri.ContainerRuntime;
import dev.kapal.agent.cri.GrpcContainerRuntime;
import dev.kapal.agent.image.ImageImport;
import dev.kapal.agent.image.Images;
import dev.kapal.agent.image.PauseImage;
import dev.kapal.agent.join.NodeCertificates;
import dev.kapal.agent.log.LogKeeper;
import dev.kapal.agent.pod.PodDns;
import dev.kapal.agent.server.NodeServer;
import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.cli.DataDirectory;
import dev.kapal.cli.ForeignRuntime;
import dev.kapal.cli.Refusal;
import dev.kapal.client.Api;
import dev.kapal.client.EventRecorder;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.client.delegated.Reviews;
import dev.kapal.network.Cidr;
import dev.kapal.network.NetworkConfig;
import dev.kapal.network.NodeNetwork;
import dev.kapal.network.dns.ClusterDns;
import dev.kapal.network.proxy.ServiceProxy;
import dev.kapal.network.resolv.PodResolvConf;
import dev.kapal.network.resolv.ResolvConf;
import dev.kapal.pki.Identity;
import dev.kapal.pki.TlsContexts;
import dev.kapal.pki.TrustRoots;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/// This machine as a node: containerd, network, agent, in start order. [#prepare] needs no API server and may run
/// beside its start;
/// [#join] needs one. Closing leaves containers, links and rules in place: they go on, and the next start adopts them.
final class Node implements AutoCloseable {
    private static final Log log = Log.of(Node.class);
    private static final Duration GLANCE = Duration.ofMillis(200);

    /// The node in the server's own process takes the first range; its network need not wait for the API server.
    private static final String POD_CIDR = "10.244.0.0/24";

    /// Links by pod and container name, where log collectors look.
    private static final Path CONTAINER_LOGS = Path.of("/var/log/containers");

    private final Life life = new Life("node");
    private final DataDirectory data;
    private final String name;
    private final Time time;
    private final Metrics metrics;
    private ContainerRuntime runtime;

    private Node(DataDirectory data, String name, Time time, Metrics metrics) {
        this.data = data;
        this.name = name;
        this.time = time;
        this.metrics = metrics;
    }

    /// The machine's name as upstream takes it: in lower case.
    static String machineName() throws IOException {
        return InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
    }

    /// Gets everything ready that this machine alone decides: network, containerd, the image that holds pods'
    /// namespaces.
    ///
    /// @param endpoint the socket of a container runtime that is somebody else's; empty for a containerd of our own
    static Node prepare(DataDirectory data, String name, Optional<Path> endpoint, Time time, Metrics metrics)
            throws IOException, InterruptedException {
        var node = withRuntime(data, name, endpoint, time, metrics);
        try {
            // After containerd: a machine where that is missing stays as it was.
            node.prepareNetwork(POD_CIDR);
            return node;
        } catch (IOException | InterruptedException | RuntimeException failure) {
            node.close();
            throw failure;
        }
    }

    /// As [#prepare], without the network: for a node that is told its range by the cluster it joins.
    static Node withRuntime(DataDirectory data, String name, Optional<Path> endpoint, Time time, Metrics metrics)
            throws IOException, InterruptedException {
        var node = new Node(data, name, time, metrics);
        try {
            ForeignRuntime.remember(data, endpoint);
            if (endpoint.isPresent()) {
                node.useRuntime(endpoint.get());
            } else {
                node.startContainerd();
            }
            return node;
        } catch (IOException | InterruptedException | RuntimeException failure) {
            node.close();
            throw failure;
        }
    }

    private void prepareNetwork(String podCidr) throws IOException, InterruptedException {
        NodeNetwork.system(NetworkConfig.DEFAULT).prepare(Cidr.parse(podCidr), data.cni());
    }

    /// A foreign runtime must be set up for pods by its owner: its sandbox image, and our CNI configuration in the data
    /// directory.
    private void useRuntime(Path socket) throws IOException, InterruptedException {
        if (!Files.exists(socket)) {
            throw new Refusal("there is no container runtime at %s; start it, or leave --runtime-endpoint away"
                    .formatted(socket));
        }
        runtime = life.own(GrpcContainerRuntime.at(socket));
        runtime.version();
    }

    private void startContainerd() throws IOException, InterruptedException {
        var config = ContainerdConfig.under(data.root(), data.run().resolve("containerd"), PauseImage.REFERENCE);
        var containerd = life.own(Containerd.start(config, time));
        var grpc = life.own(GrpcContainerRuntime.at(containerd.socket()));
        runtime = grpc;
        if (grpc.imageStatus(PauseImage.REFERENCE).isEmpty()) {
            Path archive = Files.createTempFile(data.run(), "pause", ".tar");
            try {
                PauseImage.writeTo(archive);
                new ImageImport(containerd.socket(), containerd.snapshotter().word(), grpc, time).load(archive);
            } finally {
                Files.delete(archive);
            }
        }
    }

    /// Starts what works for the cluster. Returns when the agent has taken the pods it is responsible for.
    void join(ControlPlane plane) throws IOException, InterruptedException {
        String address = plane.advertiseAddress();
        var kubelet = plane.client("system:node:" + name, "system:nodes");
        network(plane.client("system:kube-proxy"));
        var agent = agent(kubelet, address, Optional.of(POD_CIDR));
        var identity = plane.pki().kubelet(name, List.of(address, "127.0.0.1"));
        serve(identity, plane.pki().roots(), kubelet, agent);
    }

    /// Starts what works for a cluster that runs elsewhere. Returns when the node's network is ready; the node's server
    /// starts as soon as it has its certificate.
    ///
    /// @param address where others reach this machine
    void join(KubernetesClient client, NodeCertificates certificates, String address)
            throws IOException, InterruptedException {
        var agent = agent(client, address, Optional.empty());
        var roots = certificates.roots();
        certificates.keep(
                client, List.of(name, address, "127.0.0.1"), life, identity -> serve(identity, roots, client, agent));
        String podCidr = podCidr(client);
        log.info("pod range assigned", "node", name, "pod_cidr", podCidr);
        prepareNetwork(podCidr);
        network(client);
    }

    /// Waits until the cluster has given the node its range.
    private String podCidr(KubernetesClient client) throws InterruptedException {
        var api = new Api(client);
        while (true) {
            try {
                var assigned = api.fetch(io.fabric8.kubernetes.api.model.Node.class, Key.cluster(name))
                        .map(node ->
                                node.getSpec() == null ? null : node.getSpec().getPodCIDR())
                        .filter(cidr -> !cidr.isEmpty());
                if (assigned.isPresent()) {
                    return assigned.get();
                }
            } catch (KubernetesClientException | UncheckedIOException notYet) {
                log.debug("pod range not known", "cause", notYet.getMessage());
            }
            time.sleep(GLANCE);
        }
    }

    private void network(KubernetesClient client) throws IOException, InterruptedException {
        var informers = life.own(new Informers(client, time, metrics));
        var events = life.own(new EventRecorder(client, name, time));
        life.own(ServiceProxy.start(informers, name, NetworkConfig.DEFAULT, events, time, metrics));
        life.own(ClusterDns.start(client, informers, NetworkConfig.DEFAULT, time, metrics));
    }

    private Agent agent(KubernetesClient client, String address, Optional<String> podCidr)
            throws IOException, InterruptedException {
        var base = AgentConfig.of(name, address, data.root());
        var config = new AgentConfig(
                base.nodeName(),
                base.address(),
                base.port(),
                base.data(),
                base.logs(),
                podCidr,
                base.clusterDomain(),
                base.maxPods(),
                base.labels());
        return life.own(Agent.start(
                config,
                client,
                runtime,
                (events, secrets) -> new Images(runtime, events, secrets, time),
                dns(),
                time,
                metrics));
    }

    /// What the API server asks of the node: logs, exec, port-forward, statistics.
    private void serve(Supplier<Identity> identity, TrustRoots roots, KubernetesClient client, Agent agent)
            throws IOException {
        var tls = TlsContexts.strictServer(identity, roots);
        life.own(NodeServer.start(
                new InetSocketAddress(AgentConfig.PORT),
                () -> tls,
                agent::pods,
                runtime,
                new NodeServer.Node(name, data.root()),
                Optional.of(new Reviews(client, time)),
                metrics,
                time));
        LogKeeper.start(runtime, time, AgentConfig.LOGS, CONTAINER_LOGS, life);
    }

    private static PodDns dns() throws IOException {
        var files = new PodResolvConf(
                List.of(NetworkConfig.DEFAULT.dnsAddress()), NetworkConfig.DEFAULT.domain(), ResolvConf.ofHost());
        return pod -> {
            var file =
                    files.form(pod.getSpec(), pod.getMetadata().getNamespace()).file();
            return new PodDns.Config(file.nameservers(), file.searches(), file.options());
        };
    }

    @Override
    public void close() {
        life.close();
    }
}
