/// The node's network: the bridge the pods hang on, the service proxy, the cluster's DNS.
/// Start at [dev.kapal.network.NodeNetwork], which makes the links; `proxy` programs the services into nftables,
/// `dns` answers names, `cni` writes what the container runtime reads, `resolv` says what stands in a pod's
/// resolv.conf.
package dev.kapal.network;
