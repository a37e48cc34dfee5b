package dev.kapal.agent.node;

import java.util.List;

/// How the machine is right now. Immutable.
///
/// `troubles` are the reasons, in upstream's words, why the node cannot run pods; empty when it can.
/// Unit: bytes, and numbers of processes.
public record NodeHealth(
        List<String> troubles, String runtimeVersion, long freeMemory, long freeDisk, long disk, long freePids) {
    public NodeHealth {
        troubles = List.copyOf(troubles);
    }
}
