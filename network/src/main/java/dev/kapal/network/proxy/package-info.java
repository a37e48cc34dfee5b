/// The service proxy: what Services and EndpointSlices say, as one nftables table.
///
/// Read `Skeleton` for the way of a packet, `ServicePlanner` for what one service adds to it (pure), `Ruleset`
/// for how a
/// change becomes a transaction (pure), and `ServiceProxy` for the thread that joins them.
package dev.kapal.network.proxy;
