package dev.kapal.agent.pod;

import dev.kapal.agent.cri.ContainerRuntime;
import dev.kapal.agent.probe.Checks;
import dev.kapal.base.life.Life;
import dev.kapal.base.time.Time;
import java.util.List;
import java.util.function.Supplier;

/// What every pod's worker on this node works with. Immutable; all of it may be used by any thread.
record PodTools(
        ContainerRuntime runtime,
        SandboxConfigs sandboxes,
        ContainerStarter starter,
        ContainerKiller killer,
        PodVolumes volumes,
        PodCgroups cgroups,
        ContainerExits exits,
        Admission admission,
        Checks checks,
        PodApi api,
        PodEvents events,
        PodDirs dirs,
        PodMetrics metrics,
        Supplier<List<String>> hostIps,
        Time time,
        Life life) {}
