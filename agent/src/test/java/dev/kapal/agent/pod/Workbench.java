package dev.kapal.agent.pod;

import dev.kapal.agent.cri.ContainerRuntime;
import dev.kapal.agent.env.Environment;
import dev.kapal.agent.probe.Checks;
import dev.kapal.base.life.Life;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;

/// What workers of a test's node work with, over any runtime.
final class Workbench {
    private Workbench() {}

    static PodTools tools(
            ContainerRuntime runtime,
            FakeApi api,
            PodVolumes volumes,
            PodCgroups cgroups,
            ContainerExits exits,
            Environment environment,
            PodDirs dirs,
            Time time,
            Life life) {
        var hooks = new Hooks(runtime, time);
        PodDns dns = pod -> new PodDns.Config(List.of("10.96.0.10"), List.of("svc.cluster.local"), List.of());
        PodImages images = (pod, container, fieldPath, sandbox) -> {
            if (runtime.imageStatus(container.getImage()).isEmpty()) {
                throw new PodImages.ImageException("ErrImageNeverPull", "no image " + container.getImage());
            }
            return container.getImage();
        };
        return new PodTools(
                runtime,
                new SandboxConfigs(dirs, dns, "cluster.local", true),
                new ContainerStarter(
                        runtime, images, environment, List::of, new ContainerConfigs(1L << 32), hooks, api, dirs),
                new ContainerKiller(runtime, hooks, api, time, life),
                volumes,
                cgroups,
                exits,
                new Admission(Workbench::node),
                new Checks(runtime),
                api,
                api,
                dirs,
                new PodMetrics(new Metrics(), "n1"),
                () -> List.of("192.0.2.1"),
                time,
                life);
    }

    static Node node() {
        return new NodeBuilder()
                .withNewMetadata()
                .withName("n1")
                .addToLabels("disk", "ssd")
                .endMetadata()
                .withNewStatus()
                .addToAllocatable("cpu", new Quantity("2"))
                .addToAllocatable("memory", new Quantity("4Gi"))
                .addToAllocatable("pods", new Quantity("110"))
                .endStatus()
                .build();
    }
}
