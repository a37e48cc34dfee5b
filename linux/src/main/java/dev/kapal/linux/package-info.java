/// What touches the kernel: tools run with a bound on their time, nftables, links, network namespaces, mounts,
/// cgroups and processes. Start at [dev.kapal.linux.Commands] for tools and [dev.kapal.linux.Mounts] for system
/// calls. Each has a recorded twin, so that what would be done can be looked at without root.
package dev.kapal.linux;
