package dev.kapal.network.proxy;

import dev.kapal.linux.Nft;
import dev.kapal.network.NetworkConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Finds out whether this kernel and this `nft` can do what the table needs. Any thread; blocks. Changes nothing:
/// the kernel checks each script and throws it away.
final class KernelFeatures {
    private static final String TABLE = "kapal-probe";

    private KernelFeatures() {}

    /// Errors: an [IOException] that names every feature that is missing and what `nft` said about the first.
    static void require(Skeleton skeleton, Nft nft) throws IOException, InterruptedException {
        var whole = nft.check(skeleton.fresh() + sample(skeleton.config()));
        if (whole.ok()) {
            return;
        }
        var missing = new ArrayList<String>();
        for (var probe : probes().entrySet()) {
            if (!nft.check(probe.getValue()).ok()) {
                missing.add(probe.getKey());
            }
        }
        throw new IOException("the service proxy cannot work here: "
                + (missing.isEmpty() ? "nft refuses its table" : "the kernel lacks " + String.join(", ", missing))
                + " (" + whole.complaint() + ")");
    }

    private static String sample(NetworkConfig config) {
        var rules = new RulesBuilder();
        var backends = new Backends(List.of(new Backend("192.0.2.1", 80, Backend.Node.THIS)), List.of());
        var plan = new PortPlan(config, "probe", "tcp", 60, backends, rules);
        plan.internal("192.0.2.2", 80, false);
        plan.external("192.0.2.3", 80, true);
        plan.nodePort(30000, false);
        var plain = new PortPlan(config, "plain", "udp", 0, backends, rules);
        plain.internal("192.0.2.2", 80, false);
        return new Ruleset(config.table()).change(Map.of(Owner.NOBODY, rules.build()));
    }

    /// Feature → a script that needs only it.
    private static Map<String, String> probes() {
        var probes = new LinkedHashMap<String, String>();
        probes.put("nftables", "");
        probes.put("nat", chain("type nat hook prerouting priority dstnat;", "dnat ip to 192.0.2.1"));
        probes.put("masquerading", chain("type nat hook postrouting priority srcnat;", "masquerade fully-random"));
        probes.put("conntrack matches", chain("", "ct state new accept"));
        probes.put("random numbers (numgen)", chain("", "meta mark set numgen random mod 2"));
        probes.put("verdict maps", chain("", "tcp dport vmap { 80 : accept }"));
        probes.put("refusals (reject)", chain("", "reject with tcp reset"));
        probes.put("address types (fib)", chain("", "fib daddr type local accept"));
        probes.put(
                "sets that packets fill (dynset)",
                "add set ip " + TABLE + " s { type ipv4_addr; flags dynamic, timeout; timeout 60s; size 10; }\n"
                        + chain("", "update @s { ip saddr }"));
        probes.replaceAll((feature, script) -> "add table ip " + TABLE + "\n" + script);
        return probes;
    }

    private static String chain(String hook, String rule) {
        var declared = hook.isEmpty() ? "" : " { " + hook + " }";
        // Only a TCP packet can be reset.
        var guarded = rule.startsWith("reject") ? "meta l4proto tcp " + rule : rule;
        return "add chain ip " + TABLE + " c" + declared + "\nadd rule ip " + TABLE + " c " + guarded + "\n";
    }
}
