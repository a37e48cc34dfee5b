package dev.kapal.network.dns;

import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.client.Api;
import dev.kapal.client.Informers;
import dev.kapal.linux.Links;
import dev.kapal.network.NetworkConfig;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Supplier;

/// The node's DNS server, on the cluster's DNS address. Closing it stops answering; the address stays, so that a
/// restart
/// finds it.
///
/// The address is on the node's loopback: the node itself and its pods reach it without any redirection. Until the
/// first
/// caches are filled queries wait in the socket instead of being told that nothing exists.
public final class ClusterDns implements AutoCloseable {
    private static final Log log = Log.of(ClusterDns.class);

    private static final int PORT = 53;

    private final Life life;
    private final int port;

    private ClusterDns(Life life, int port) {
        this.life = life;
        this.port = port;
    }

    /// Starts the server and keeps the Service `kube-system/kube-dns`. Blocks until the caches are filled.
    /// Errors: without the right to add the address, or when the port is taken, an [IOException].
    public static ClusterDns start(
            KubernetesClient client, Informers informers, NetworkConfig config, Time time, Metrics metrics)
            throws IOException, InterruptedException {
        Links.system().addAddress("lo", config.dnsAddress() + "/32");
        var address = new InetSocketAddress(InetAddress.getByName(config.dnsAddress()), PORT);
        var upstreams = new HostUpstreams(config.dnsAddress(), time);
        var keeper = new KubeDnsService(new Api(client), config.dnsAddress(), time);
        return start(address, informers, config, upstreams, keeper, time, metrics);
    }

    static ClusterDns start(
            InetSocketAddress address,
            Informers informers,
            NetworkConfig config,
            Supplier<List<Upstream>> upstreams,
            KubeDnsService keeper,
            Time time,
            Metrics metrics)
            throws IOException, InterruptedException {
        var names = new CachedNames(informers);
        var random = new SecureRandom();
        var answers = new Answers(new ClusterZone(config, names), new Forwarder(upstreams, time, random), random);
        names.awaitSync();
        var life = new Life("cluster-dns");
        var server = life.own(DnsServer.start(address, answers::answer, new DnsMetrics(metrics, time)));
        life.start("service", keeper::keep);
        log.info(
                "cluster dns ready",
                "address",
                address,
                "upstreams",
                upstreams.get().size());
        return new ClusterDns(life, server.port());
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        life.close();
    }
}
