package dev.kapal.agent.containerd;

import dev.kapal.agent.cri.CriException;
import dev.kapal.agent.cri.GrpcContainerRuntime;
import dev.kapal.agent.cri.v1.PodSandbox;
import dev.kapal.agent.cri.v1.PodSandboxFilter;
import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;

/// Takes pods of a runtime down: networks are given back, cgroups and mounts go with the containers.
public final class Pods {
    private static final Log log = Log.of(Pods.class);
    /// Enough to hide the latency of runc and CNI, few enough for a small machine.
    private static final int AT_ONCE = 8;

    private Pods() {}

    /// Every pod of a runtime that is ours alone.
    static void removeAll(Path socket) throws InterruptedException {
        remove(socket, any -> true);
    }

    /// Blocks until all that are `ours` are gone or could not be removed; the latter is logged.
    ///
    /// @throws CriException when the runtime does not answer
    public static void remove(Path socket, Predicate<PodSandbox> ours) throws InterruptedException {
        try (var life = new Life("pod removal");
                var runtime = GrpcContainerRuntime.at(socket)) {
            var sandboxes = runtime.listPodSandboxes(PodSandboxFilter.getDefaultInstance()).stream()
                    .filter(ours)
                    .toList();
            var places = new Semaphore(AT_ONCE);
            for (var sandbox : sandboxes) {
                places.acquire();
                life.spawn(sandbox.getId(), () -> {
                    try {
                        remove(runtime, sandbox.getId());
                    } finally {
                        places.release();
                    }
                });
            }
            places.acquire(AT_ONCE);
        }
    }

    private static void remove(GrpcContainerRuntime runtime, String sandbox) throws InterruptedException {
        try {
            runtime.stopPodSandbox(sandbox);
            runtime.removePodSandbox(sandbox);
        } catch (CriException failure) {
            log.warn("pod sandbox not removed", "sandbox", sandbox, "reason", failure.description());
        }
    }
}
