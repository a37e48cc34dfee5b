package dev.kapal.network.proxy;

import dev.kapal.network.NetworkConfig;
import dev.kapal.network.proxy.Rules.Set;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// What one port of one service adds, for each address it is reached at. One thread; made for one use.
///
///     services:  10.96.0.20 . tcp . 80      → goto pick-2          (plain: shared by all services with two backends)
///     backends:  10.96.0.20 . tcp . 80 . 0x4b000000  → 10.244.0.5 . 8080
///                10.96.0.20 . tcp . 80 . 0x4b000001  → 10.244.0.6 . 8080
///
///     services:  10.96.0.21 . tcp . 80      → goto all-ab12…       (own: with affinity)
///     chain all-ab12…: who stuck to an endpoint goes there; all others draw one
final class PortPlan {
    /// Where the numbers in the connection marks start: high, so that no rule of somebody else's takes them for its
    /// own.
    private static final int FIRST_NUMBER = 0x4b000000;

    private final NetworkConfig config;
    private final String id;
    private final String hash;
    private final String protocol;
    private final int stickySeconds;
    private final Backends backends;
    private final RulesBuilder rules;

    PortPlan(
            NetworkConfig config,
            String id,
            String protocol,
            int stickySeconds,
            Backends backends,
            RulesBuilder rules) {
        this.config = config;
        this.id = id;
        this.hash = hash(id + " " + protocol);
        this.protocol = protocol;
        this.stickySeconds = stickySeconds;
        this.backends = backends;
        this.rules = rules;
        backends.cluster().forEach(this::hairpin);
        backends.local().forEach(this::hairpin);
    }

    /// The cluster IP.
    void internal(String address, int port, boolean localOnly) {
        var targets = localOnly ? backends.local() : backends.cluster();
        var key = key(address, port);
        if (targets.isEmpty()) {
            rules.element(Set.REFUSED, key, noBackends());
        } else if (stickySeconds > 0) {
            rules.element(Set.SERVICES, key, "goto " + own(localOnly ? "local" : "all", targets));
        } else {
            rules.element(Set.SERVICES, key, "goto " + pick(targets.size()));
            number(Set.BACKENDS, key, targets);
        }
        flows(address, port, targets);
    }

    /// An address from outside the cluster: an external IP, a load balancer's.
    void external(String address, int port, boolean localOnly) {
        var key = key(address, port);
        if (backends.cluster().isEmpty()) {
            rules.element(Set.REFUSED, key, noBackends());
        } else if (localOnly || stickySeconds > 0) {
            rules.element(Set.SERVICES, key, "goto " + fromOutside(localOnly));
        } else {
            rules.element(
                    Set.SERVICES, key, "goto " + pickMasked(backends.cluster().size()));
            number(Set.BACKENDS, key, backends.cluster());
        }
        flows(address, port, backends.cluster());
    }

    /// A port on every address of the node.
    void nodePort(int port, boolean localOnly) {
        var key = protocol + " . " + port;
        int count = backends.cluster().size();
        if (count == 0) {
            rules.element(Set.REFUSED_NODE_PORTS, key, noBackends());
        } else if (localOnly || stickySeconds > 0) {
            rules.element(Set.NODE_PORTS, key, "goto " + fromOutside(localOnly));
        } else {
            rules.element(Set.NODE_PORTS, key, "goto " + pickForNodePort(count));
            number(Set.NODE_BACKENDS, key, backends.cluster());
        }
        flows("", port, backends.cluster());
    }

    /// Nobody at all: refused at once. Somebody, but not where the policy wants it: dropped, as upstream does, so
    /// that a load balancer in front takes the node out instead of passing the refusal on.
    private String noBackends() {
        return backends.cluster().isEmpty() ? "goto refuse" : "drop";
    }

    private void number(Set set, String key, List<Backend> targets) {
        for (int i = 0; i < targets.size(); i++) {
            rules.element(
                    set,
                    key + " . 0x" + Integer.toHexString(FIRST_NUMBER + i),
                    targets.get(i).pair());
        }
    }

    private String pick(int count) {
        var name = "pick-" + count;
        rules.chain(name, numbered(count, "ip daddr . meta l4proto . th dport . ct mark map @backends"));
        return name;
    }

    /// Draws a number, keeps it in the connection's mark (the only place a map can look it up from) and redirects.
    /// Between drawing and looking up another transaction may take the drawn number away. Number 0 is there as
    /// long as there is any, so nobody falls through.
    private static List<String> numbered(int count, String lookup) {
        var redirect = "meta l4proto { tcp, udp, sctp } dnat ip to " + lookup;
        var first = "0x" + Integer.toHexString(FIRST_NUMBER);
        return List.of(
                "ct mark set numgen random mod " + count + " offset " + first,
                redirect,
                "ct mark set " + first,
                redirect);
    }

    private String pickMasked(int count) {
        var name = "pick-masked-" + count;
        rules.chain(name, List.of(Skeleton.MARK, "goto " + pick(count)));
        return name;
    }

    private String pickForNodePort(int count) {
        var name = "pick-node-" + count;
        var lines = new ArrayList<>(List.of(Skeleton.MARK));
        lines.addAll(numbered(count, "meta l4proto . th dport . ct mark map @node-backends"));
        rules.chain(name, lines);
        return name;
    }

    /// The chain for what comes from outside. Under the policy `Local` the client's address is kept, and pods and
    /// the node itself may go to any endpoint all the same: they are inside.
    private String fromOutside(boolean localOnly) {
        var name = (localOnly ? "from-outside-local-" : "from-outside-") + hash;
        var all = own("all", backends.cluster());
        if (!localOnly) {
            rules.chain(name, List.of(Skeleton.MARK, "goto " + all));
            return name;
        }
        rules.chain(
                name,
                List.of(
                        "ip saddr " + config.clusterCidr() + " goto " + all,
                        "fib saddr type local " + Skeleton.MARK + " goto " + all,
                        backends.local().isEmpty() ? "drop" : "goto " + own("local", backends.local())));
        return name;
    }

    /// A chain of this port's own that picks one of `targets`.
    private String own(String which, List<Backend> targets) {
        var name = which + "-" + hash;
        var lines = new ArrayList<String>();
        if (stickySeconds > 0) {
            for (var target : targets) {
                var stuck = sticky(target);
                lines.add("ip saddr @" + stuck + " goto " + stuck);
            }
            lines.add(draw(targets.size()) + " vmap { " + choices(targets, "goto ") + " }");
        } else {
            lines.add("meta l4proto " + protocol + " dnat ip to " + draw(targets.size()) + " map { "
                    + choices(targets, "") + " }");
        }
        rules.chain(name, lines);
        return name;
    }

    private static String draw(int count) {
        return "numgen random mod " + count;
    }

    private String choices(List<Backend> targets, String verb) {
        var parts = new ArrayList<String>();
        for (int i = 0; i < targets.size(); i++) {
            var target = targets.get(i);
            parts.add(i + " : " + (verb.isEmpty() ? target.pair() : verb + sticky(target)));
        }
        return String.join(", ", parts);
    }

    /// The chain that sends to one endpoint and remembers who came; the set of those has the same name.
    private String sticky(Backend target) {
        // A set's timeout cannot be changed, so it is part of the name.
        var name = "sticky-" + hash + "-" + hash(target.pair()) + "-" + stickySeconds;
        rules.affinity(name, stickySeconds);
        rules.chain(
                name,
                List.of(
                        "update @" + name + " { ip saddr }",
                        "meta l4proto " + protocol + " dnat ip to " + target.address() + ":" + target.port()));
        return name;
    }

    /// A pod that reaches itself would see its own address as the client's and answer past the proxy.
    private void hairpin(Backend backend) {
        boolean perhaps =
                backend.node() == Backend.Node.UNKNOWN && config.clusterCidr().contains(backend.address());
        if (backend.local() || perhaps) {
            rules.element(Set.HAIRPINS, backend.address() + " . " + backend.address(), "");
        }
    }

    private void flows(String address, int port, List<Backend> targets) {
        if (protocol.equals("udp")) {
            targets.forEach(target -> rules.flow(address, port, target.address()));
        }
    }

    private String key(String address, int port) {
        return address + " . " + protocol + " . " + port;
    }

    private static String hash(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return UUID.nameUUIDFromBytes(bytes).toString().replace("-", "").substring(0, 16);
    }

    @Override
    public String toString() {
        return id;
    }
}
