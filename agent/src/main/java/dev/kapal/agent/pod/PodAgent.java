package dev.kapal.agent.pod;

import dev.kapal.agent.cri.ContainerRuntime;
import dev.kapal.agent.env.Environment;
import dev.kapal.agent.probe.Checks;
import dev.kapal.base.life.Life;
import dev.kapal.base.time.Time;
import dev.kapal.client.Cache;
import dev.kapal.client.Change;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/// Runs the pods of one node. Its end leaves their containers running.
public final class PodAgent {
    private static final Duration RESYNC = Duration.ofMinutes(1);
    private static final Duration CHECK_LIMITS = Duration.ofSeconds(10);

    private final PodWorkers workers;
    private final Time time;
    private final Life life;

    private PodAgent(PodWorkers workers, Time time, Life life) {
        this.workers = workers;
        this.time = time;
        this.life = life;
    }

    /// What the node's pods are run with.
    public record Ports(
            ContainerRuntime runtime,
            PodImages images,
            PodVolumes volumes,
            PodCgroups cgroups,
            ContainerExits exits,
            PodApi api,
            PodEvents events,
            PodDns dns,
            NodeServices services,
            Environment environment,
            PodMetrics metrics) {}

    /// What the node is, as far as pods see it. `node` also says what it can allocate, `memory` is its capacity in
    /// bytes.
    public record Place(
            String address, String clusterDomain, long memory, boolean seccomp, PodDirs dirs, Supplier<Node> node) {}

    /// `onRuntimeHealth` is called when the container runtime is lost or back.
    public static PodAgent of(Ports ports, Place place, Runnable onRuntimeHealth, Time time, Life life) {
        var hooks = new Hooks(ports.runtime(), time);
        var tools = new PodTools(
                ports.runtime(),
                new SandboxConfigs(place.dirs(), ports.dns(), place.clusterDomain(), place.seccomp()),
                new ContainerStarter(
                        ports.runtime(),
                        ports.images(),
                        ports.environment(),
                        ports.services(),
                        new ContainerConfigs(place.memory()),
                        hooks,
                        ports.events(),
                        place.dirs()),
                new ContainerKiller(ports.runtime(), hooks, ports.events(), time, life),
                ports.volumes(),
                ports.cgroups(),
                ports.exits(),
                new Admission(place.node()),
                new Checks(ports.runtime()),
                ports.api(),
                ports.events(),
                place.dirs(),
                ports.metrics(),
                () -> List.of(place.address()),
                time,
                life);
        return new PodAgent(new PodWorkers(tools, onRuntimeHealth), time, life);
    }

    /// Takes the pods that are bound to the node, now and from now on. Blocks until all that are known are taken.
    public void follow(Cache<Pod> bound) throws InterruptedException {
        bound.awaitSync();
        workers.begin(bound.all());
        life.own(bound.onChange(this::accept));
        life.start("resync", this::resync);
        life.start("eviction", this::evictOverLimit);
    }

    /// The pods of this node, with the status they are in: it may be newer than the API's.
    public List<Pod> pods() {
        return workers.pods();
    }

    private void accept(Change<Pod> change) {
        switch (change) {
            case Change.Added<Pod>(Pod now) -> workers.put(now);
            case Change.Updated<Pod>(Pod before, Pod now) -> {
                if (!before.getMetadata().getUid().equals(now.getMetadata().getUid())) {
                    workers.remove(before);
                }
                workers.put(now);
            }
            case Change.Deleted<Pod>(Pod last) -> workers.remove(last);
        }
    }

    private void evictOverLimit() throws InterruptedException {
        while (true) {
            time.sleep(CHECK_LIMITS);
            workers.evictOverLimit();
        }
    }

    /// Nothing depends on this but what was missed, and tokens that run out.
    private void resync() throws InterruptedException {
        while (true) {
            time.sleep(RESYNC);
            workers.wakeAll();
        }
    }
}
