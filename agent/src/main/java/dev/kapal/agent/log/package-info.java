/// The logs of containers: the runtime writes them, this package reads, follows, links and rotates them.
///
/// Start reading at [dev.kapal.agent.log.LogReader]; [dev.kapal.agent.log.LogKeeper] is the loop that keeps the disk in
/// order. Lines look as the container runtime interface lays down: `TIME stdout|stderr F|P TEXT`.
package dev.kapal.agent.log;
