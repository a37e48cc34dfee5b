package dev.kapal.network;

/// The addresses and names of a cluster's network, the same on all of its nodes. Immutable.
///
/// @param clusterCidr all pods of all nodes
/// @param serviceCidr all cluster IPs
/// @param dnsAddress the cluster IP every node answers DNS on
/// @param domain what cluster names end in
/// @param bridge the link that the node's pods hang on
/// @param table the nftables table that is ours alone
public record NetworkConfig(
        Cidr clusterCidr, Cidr serviceCidr, String dnsAddress, String domain, String bridge, String table) {
    /// Upstream's own ranges and names.
    public static final NetworkConfig DEFAULT = new NetworkConfig(
            Cidr.parse("10.244.0.0/16"), Cidr.parse("10.96.0.0/16"), "10.96.0.10", "cluster.local", "kapal0", "kapal");

    public NetworkConfig {
        if (!serviceCidr.contains(dnsAddress)) {
            throw new IllegalArgumentException("the DNS address " + dnsAddress + " is not in " + serviceCidr);
        }
        if (bridge.isEmpty() || bridge.length() > 15) {
            throw new IllegalArgumentException("a link's name has 1 to 15 characters: " + bridge);
        }
    }
}
