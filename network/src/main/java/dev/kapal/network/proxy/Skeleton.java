package dev.kapal.network.proxy;

import dev.kapal.network.NetworkConfig;

/// The part of the table that does not depend on any service: the hooks, and empty sets and maps. Immutable.
///
///     arriving  ─► prerouting ─┐                         ┌─► input                 (for the node itself)
///                              ├─ services: redirected ──┤
///     the node's ─► output ────┘                         └─► forward ─► postrouting (masqueraded when marked)
///
/// Redirecting happens once per connection, in the nat hooks; the filter hooks then see what was not redirected: an
/// address in the service range there has nobody behind it.
///
/// @param bridgedAnswersPass whether what one pod sends to another on the same bridge passes the hooks too. Where it
///     does not, the answer of a redirected connection would go straight to the client, who did not ask that address:
///     so such connections are masqueraded.
record Skeleton(NetworkConfig config, boolean bridgedAnswersPass) {
    /// Marks a packet for masquerading; the bit is upstream's.
    static final String MARK = "meta mark set meta mark or 0x4000";

    private static final String WITHIN = "iifname \"BRIDGE\" oifname \"BRIDGE\" ct status dnat masquerade fully-random";

    private static final String UNMARK = "meta mark set meta mark and 0xffffbfff";

    /// A transaction's first lines: the table, empty.
    String fresh() {
        return "add table ip %1$s\ndelete table ip %1$s\n".formatted(config.table()) + text();
    }

    String text() {
        return """
                table ip TABLE {
                    comment "service proxy";

                    map services { type ipv4_addr . inet_proto . inet_service : verdict; }
                    map backends { type ipv4_addr . inet_proto . inet_service . mark : ipv4_addr . inet_service; }
                    map node-ports { type inet_proto . inet_service : verdict; }
                    map node-backends { type inet_proto . inet_service . mark : ipv4_addr . inet_service; }
                    map refused { type ipv4_addr . inet_proto . inet_service : verdict; }
                    map refused-node-ports { type inet_proto . inet_service : verdict; }
                    map host-ports { type inet_proto . inet_service : ipv4_addr . inet_service; }
                    map bound-host-ports { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service; }
                    set addresses { type ipv4_addr; }
                    set hairpins { type ipv4_addr . ipv4_addr; }

                    chain guard-loopback {
                        type filter hook prerouting priority raw; policy accept;
                        iifname "BRIDGE" ip daddr 127.0.0.0/8 drop
                    }
                    chain prerouting {
                        type nat hook prerouting priority dstnat; policy accept;
                        ip daddr SERVICES ip saddr != PODS fib saddr type != local MARK
                        jump steer
                    }
                    chain output {
                        type nat hook output priority -100; policy accept;
                        jump steer
                    }
                    chain steer {
                        ip daddr . meta l4proto . th dport vmap @services
                        ip daddr SERVICES return
                        fib daddr type != local return
                        meta l4proto . th dport vmap @node-ports
                        meta l4proto { tcp, udp, sctp } dnat ip to meta l4proto . th dport map @host-ports
                        meta l4proto { tcp, udp, sctp } dnat ip to ip daddr . meta l4proto . th dport map @bound-host-ports
                    }
                    chain postrouting {
                        type nat hook postrouting priority srcnat; policy accept;
                        meta mark and 0x4000 != 0 UNMARK masquerade fully-random
                        ip saddr . ip daddr @hairpins masquerade fully-random
                        WITHIN
                        ip saddr 127.0.0.0/8 oifname != "lo" masquerade fully-random
                        ip saddr PODS ip daddr != { PODS, 224.0.0.0/4 } oifname != { "lo", "BRIDGE" } masquerade fully-random
                    }

                    chain refuse {
                        meta l4proto tcp reject with tcp reset
                        reject with icmp type port-unreachable
                    }
                    chain unserved {
                        ip daddr DNS return
                        ip daddr . meta l4proto . th dport vmap @refused
                        ip daddr @addresses goto refuse
                        ip daddr SERVICES drop
                    }
                    chain filter-forward {
                        type filter hook forward priority filter; policy accept;
                        ct state invalid ip saddr PODS drop
                        jump unserved
                    }
                    chain filter-output {
                        type filter hook output priority filter; policy accept;
                        jump unserved
                    }
                    chain filter-input {
                        type filter hook input priority filter; policy accept;
                        ct state new ip daddr . meta l4proto . th dport vmap @refused
                        ct state new meta l4proto . th dport vmap @refused-node-ports
                    }
                }
                """.replace("TABLE", config.table())
                .replace("WITHIN", bridgedAnswersPass ? "" : WITHIN)
                .replace("BRIDGE", config.bridge())
                .replace("SERVICES", config.serviceCidr().toString())
                .replace("PODS", config.clusterCidr().toString())
                .replace("DNS", config.dnsAddress())
                .replace("UNMARK", UNMARK)
                .replace("MARK", MARK);
    }
}
