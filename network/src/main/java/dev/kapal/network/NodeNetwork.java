package dev.kapal.network;

import dev.kapal.base.log.Log;
import dev.kapal.linux.Command;
import dev.kapal.linux.Commands;
import dev.kapal.linux.Links;
import dev.kapal.network.cni.CniConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Makes the links, routes and kernel settings that the node's pods need. Any thread; blocks; repeating it is
/// harmless.
///
/// No packet for a pod or a service may leave by the default route. So the whole pod range is unreachable but for
/// what a
/// more specific route serves, and the service range ends at the bridge: the node's own connections get a source
/// address that way, the proxy redirects them, and what it does not redirect finds nobody. Should the bridge go, the
/// route behind it makes the range unreachable.
public final class NodeNetwork {
    private static final Log log = Log.of(NodeNetwork.class);

    /// A metric behind that of every route somebody made on purpose.
    private static final String LAST = "4096";

    private final NetworkConfig config;
    private final Commands commands;
    private final Links links;

    public NodeNetwork(NetworkConfig config, Commands commands) {
        this.config = config;
        this.commands = commands;
        this.links = new Links(commands);
    }

    public static NodeNetwork system(NetworkConfig config) {
        return new NodeNetwork(config, Commands.system());
    }

    /// Makes the node's network for its `podCidr`, then writes the CNI configuration into `cniDirectory`/net.d: once
    /// that is there, the runtime may start pods.
    public void prepare(Cidr podCidr, Path cniDirectory) throws IOException, InterruptedException {
        guardRoutes();
        int mtu = mtu();
        makeBridge(podCidr, mtu);
        setKernel();
        links.setRoute(config.serviceCidr().toString(), "dev", config.bridge());
        new ForeignFirewall(config, commands).open();
        new CniConfig(config.bridge(), podCidr, mtu, CniConfig.addresses(cniDirectory))
                .write(cniDirectory.resolve("net.d"));
        log.info("node network ready", "bridge", config.bridge(), "pod_cidr", podCidr, "mtu", mtu);
    }

    /// Closes the way out for both ranges; the first thing to do, before any pod or proxy is there.
    public void guardRoutes() throws IOException, InterruptedException {
        links.setRoute("unreachable", config.clusterCidr().toString(), "metric", LAST);
        links.setRoute("unreachable", config.serviceCidr().toString(), "metric", LAST);
    }

    private void makeBridge(Cidr podCidr, int mtu) throws IOException, InterruptedException {
        var address = podCidr.gateway() + "/" + podCidr.length();
        if (!links.exists(config.bridge())) {
            links.addBridge(config.bridge());
        }
        // Without an address of its own a bridge takes the lowest of its ports, and the pods' ARP entries for their
        // gateway go stale each time that port comes or goes.
        commands.require("ip", "link", "set", config.bridge(), "address", hardwareAddress(podCidr), "mtu", "" + mtu);
        for (var other : addresses()) {
            if (!other.equals(address)) {
                links.removeAddress(config.bridge(), other);
            }
        }
        links.addAddress(config.bridge(), address);
        links.up(config.bridge());
    }

    /// `0a:58` and the gateway's address: unique in the cluster and the same after a restart.
    private static String hardwareAddress(Cidr podCidr) {
        int gateway = podCidr.base() + 1;
        return "0a:58:%02x:%02x:%02x:%02x"
                .formatted(gateway >>> 24, gateway >>> 16 & 255, gateway >>> 8 & 255, gateway & 255);
    }

    private List<String> addresses() throws IOException, InterruptedException {
        var found = new ArrayList<String>();
        for (var line : commands.require("ip", "-o", "-4", "address", "show", "dev", config.bridge())
                .lines()
                .toList()) {
            var words = line.strip().split("\\s+");
            found.add(words[3]);
        }
        return found;
    }

    private void setKernel() throws IOException, InterruptedException {
        var script = new StringBuilder();
        for (var setting : settings().entrySet()) {
            script.append("echo %s > /proc/sys/net/%s\n".formatted(setting.getValue(), setting.getKey()));
        }
        // Room for the connections of many pods; upstream's minimum. Only the first network namespace may set it.
        script.append("""
                table=/proc/sys/net/netfilter/nf_conntrack_max
                if [ -w $table ] && [ "$(cat $table)" -lt 131072 ]; then echo 131072 > $table || true; fi
                """);
        commands.require(Command.of("sh", "-e").reading(script.toString()));
    }

    private Map<String, Integer> settings() throws IOException, InterruptedException {
        var settings = new LinkedHashMap<String, Integer>();
        settings.put("ipv4/ip_forward", 1);
        // A service's packets leave by the link they came in on. Told to go there directly, a pod would look for the
        // service's address on its own network. The two settings count together.
        settings.put("ipv4/conf/all/send_redirects", 0);
        settings.put("ipv4/conf/" + config.bridge() + "/send_redirects", 0);
        // So that 127.0.0.1:NODEPORT can be redirected to a pod; the proxy's table shuts the other direction.
        settings.put("ipv4/conf/" + config.bridge() + "/route_localnet", 1);
        if (passesBridgedTraffic()) {
            settings.put("bridge/bridge-nf-call-iptables", 1);
        }
        return settings;
    }

    /// Whether answers between two pods of one bridge pass the node's tables, which turns redirected addresses back.
    private boolean passesBridgedTraffic() throws IOException, InterruptedException {
        var setting = Path.of("/proc/sys/net/bridge/bridge-nf-call-iptables");
        if (!Files.exists(setting)) {
            commands.run(Command.of("modprobe", "br_netfilter"));
        }
        if (!Files.exists(setting)) {
            log.warn("no br_netfilter: connections between pods of one node through a service show the node's address");
            return false;
        }
        return true;
    }

    /// The MTU of the link that the default route takes: pods must not send what the node cannot pass on.
    private int mtu() throws IOException, InterruptedException {
        for (var line : commands.require("ip", "-o", "-4", "route", "show", "default")
                .lines()
                .toList()) {
            var words = List.of(line.strip().split("\\s+"));
            int at = words.indexOf("dev");
            if (at >= 0 && at + 1 < words.size()) {
                return links.mtu(words.get(at + 1));
            }
        }
        return 1500;
    }
}
