package dev.kapal.network.proxy;

import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.client.Cache;
import dev.kapal.client.Change;
import dev.kapal.client.EventRecorder;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.linux.Commands;
import dev.kapal.linux.Nft;
import dev.kapal.network.NetworkConfig;
import dev.kapal.network.ServiceSlices;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Keeps the node's nftables table at what Services, EndpointSlices and the node's own pods say.
///
/// One thread plans and applies; the watches only tell it what is worth a look. While one transaction is under
/// way the next ones gather, so a storm of changes becomes few transactions, and a single change is applied at
/// once. Closing it leaves the table: containers and their connections outlive this process.
public final class ServiceProxy implements AutoCloseable {
    private static final Log log = Log.of(ServiceProxy.class);

    private static final Path BRIDGED_ANSWERS = Path.of("/proc/sys/net/bridge/bridge-nf-call-iptables");
    private static final Duration LOOK_AFTER = Duration.ofSeconds(30);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Cache<Service> services;
    private final ServiceSlices slices;
    private final Cache<Pod> pods;
    private final String nodeName;
    private final ServicePlanner planner;
    private final ProxyTable table;
    private final HealthPorts health;
    private final EventRecorder events;
    private final Time time;
    private final DirtyOwners dirty = new DirtyOwners();
    /// Those whose health check port could not be listened on.
    private final Set<Owner> deaf = ConcurrentHashMap.newKeySet();

    private final Life life = new Life("service-proxy");

    private ServiceProxy(
            Informers informers,
            String nodeName,
            NetworkConfig config,
            ProxyTable table,
            EventRecorder events,
            Time time) {
        this.nodeName = nodeName;
        this.events = events;
        this.services = informers.of(Service.class);
        this.slices = ServiceSlices.of(informers);
        this.pods = informers.withFields(Pod.class, "spec.nodeName=" + nodeName);
        this.planner = new ServicePlanner(config, nodeName);
        this.table = table;
        this.health = life.own(new HealthPorts());
        this.time = time;
    }

    /// Starts the proxy of `nodeName`. The table of an earlier run stays in force until all caches are filled.
    /// Errors: a kernel that lacks what the table needs is an [IOException] that names it.
    ///
    /// @param events stays the caller's
    public static ServiceProxy start(
            Informers informers,
            String nodeName,
            NetworkConfig config,
            EventRecorder events,
            Time time,
            Metrics metrics)
            throws IOException, InterruptedException {
        return start(informers, nodeName, config, events, Commands.system(), time, metrics);
    }

    static ServiceProxy start(
            Informers informers,
            String nodeName,
            NetworkConfig config,
            EventRecorder events,
            Commands commands,
            Time time,
            Metrics metrics)
            throws IOException, InterruptedException {
        var nft = new Nft(commands);
        var skeleton = new Skeleton(config, Files.exists(BRIDGED_ANSWERS));
        KernelFeatures.require(skeleton, nft);
        log.info("service proxy uses nftables", "table", "ip " + config.table());
        var table = new ProxyTable(skeleton, nft, new Conntrack(commands), time, new ProxyMetrics(metrics));
        var proxy = new ServiceProxy(informers, nodeName, config, table, events, time);
        proxy.life.start("rules", proxy::run);
        proxy.life.start("lookout", proxy::lookOut);
        return proxy;
    }

    private void run() throws InterruptedException {
        services.awaitSync();
        slices.cache().awaitSync();
        pods.awaitSync();
        life.own(services.onChange(change -> dirty.add(Owner.service(Key.of(change.latest())))));
        life.own(slices.cache().onChange(this::sliceChanged));
        life.own(pods.onChange(this::podChanged));
        // Even where nobody contributes, the table masquerades and guards.
        dirty.add(Owner.NOBODY);
        while (true) {
            var owners = dirty.take();
            boolean inForce = table.change(plan(owners));
            health.rulesInForce(inForce);
            if (inForce) {
                owners.forEach(this::tellBalancers);
            } else {
                time.sleep(RETRY);
                dirty.add(owners);
            }
        }
    }

    private void tellBalancers(Owner owner) {
        if (!owner.kind().equals(Owner.SERVICE)) {
            return;
        }
        var service = services.find(owner.key());
        var wanted = service.flatMap(s -> ServiceHealth.of(s, slices.of(owner.key()), nodeName));
        try {
            health.change(owner.key(), wanted);
            deaf.remove(owner);
        } catch (IOException taken) {
            deaf.add(owner);
            events.warning(
                    service.orElseThrow(),
                    "FailedToStartServiceHealthcheck",
                    "node " + nodeName + " failed to start healthcheck \"" + owner.key() + "\" on port "
                            + wanted.orElseThrow().port() + ": " + taken.getMessage(),
                    "kube-proxy");
        }
    }

    private void sliceChanged(Change<EndpointSlice> change) {
        ServiceSlices.serviceOf(change.latest()).map(Owner::service).ifPresent(dirty::add);
        if (change instanceof Change.Updated<EndpointSlice>(EndpointSlice before, EndpointSlice now)) {
            ServiceSlices.serviceOf(before).map(Owner::service).ifPresent(dirty::add);
        }
    }

    private void podChanged(Change<Pod> change) {
        boolean had = change instanceof Change.Updated<Pod>(Pod before, Pod now) && contributes(before);
        if (had || contributes(change.latest())) {
            dirty.add(Owner.pod(Key.of(change.latest())));
        }
    }

    private static boolean contributes(Pod pod) {
        return !HostPorts.plan(pod).equals(Rules.NONE);
    }

    /// Somebody else may flush all tables; a firewall's restart does. And who holds a port may have let it go.
    private void lookOut() throws InterruptedException {
        while (true) {
            time.sleep(LOOK_AFTER);
            dirty.add(deaf);
            if (table.isLost()) {
                log.warn("the table is gone; it will be made again");
                dirty.add(Owner.NOBODY);
            }
        }
    }

    private Map<Owner, Rules> plan(Set<Owner> owners) {
        var plans = new LinkedHashMap<Owner, Rules>();
        for (var owner : owners) {
            plans.put(owner, plan(owner));
        }
        return plans;
    }

    private Rules plan(Owner owner) {
        return switch (owner.kind()) {
            case Owner.SERVICE ->
                services.find(owner.key())
                        .map(service -> planner.plan(service, slices.of(owner.key())))
                        .orElse(Rules.NONE);
            case Owner.POD -> pods.find(owner.key()).map(HostPorts::plan).orElse(Rules.NONE);
            default -> Rules.NONE;
        };
    }

    @Override
    public void close() {
        life.close();
    }
}
