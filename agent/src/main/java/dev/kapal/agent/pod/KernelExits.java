package dev.kapal.agent.pod;

import dev.kapal.base.log.Log;
import dev.kapal.linux.Cgroups;
import dev.kapal.linux.ProcessExits;
import java.io.IOException;

/// Finds a container's first process in its cgroup and has the kernel tell of its end.
public final class KernelExits implements ContainerExits {
    private static final Log log = Log.of(KernelExits.class);

    private final Cgroups cgroups;
    private final ProcessExits exits;

    public KernelExits(Cgroups cgroups, ProcessExits exits) {
        this.cgroups = cgroups;
        this.exits = exits;
    }

    @Override
    public void watch(String group, String containerId, Runnable onExit) {
        try {
            cgroups.processes(group + "/" + containerId).stream()
                    .min(Long::compare)
                    .ifPresent(first -> exits.onExit(first, onExit));
        } catch (IOException unreadable) {
            log.debug("container's processes not found", "container", containerId, "cause", unreadable.getMessage());
        }
    }
}
