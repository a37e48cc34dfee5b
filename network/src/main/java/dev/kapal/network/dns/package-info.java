/// The cluster's DNS, served by every node itself.
///
/// `ClusterDns` wires it up, `DnsServer` moves bytes, `Answers` sorts questions, `ClusterZone` answers those
/// about the cluster from caches (pure), `Forwarder` asks the host's servers about all others.
/// Source: Kubernetes DNS-Based Service Discovery, schema version 1.1.0; RFC 1035, 2308, 6891.
package dev.kapal.network.dns;
