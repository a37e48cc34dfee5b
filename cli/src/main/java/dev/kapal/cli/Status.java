package dev.kapal.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `kapal status`: what runs, where, how healthy. Exit status: 0 healthy, 1 runs but is not healthy, 3 does not run.
@Command(
        name = "status",
        description = "Says what runs, where and how healthy; exit status 0: healthy, 1: not healthy, 3: not running.")
public final class Status implements Callable<Integer> {
    @Mixin
    private ClusterOptions cluster;

    @Override
    public Integer call() {
        var data = cluster.data();
        var process = ServerProcess.find(data);
        if (process.isEmpty()) {
            System.out.println("Kapal does not run in %s. Start it: ./kapal up".formatted(data.root()));
            return 3;
        }
        System.out.println("process     pid %d, data in %s, log in %s"
                .formatted(process.get().pid(), data.root(), data.serverLog()));
        try (var access = Access.to(data)) {
            System.out.println("API server  " + access.client().getMasterUrl());
            String health = access.health("/readyz");
            System.out.println("health      " + health.lines().findFirst().orElse("no answer"));
            boolean healthy = health.startsWith("ok");
            if (healthy) {
                for (var node : access.nodes()) {
                    boolean ready = Access.isReady(node);
                    healthy &= ready;
                    System.out.println("node        %s %s, %s"
                            .formatted(
                                    node.getMetadata().getName(),
                                    ready ? "Ready" : "NotReady",
                                    node.getStatus().getNodeInfo() == null
                                            ? "unknown runtime"
                                            : node.getStatus().getNodeInfo().getContainerRuntimeVersion()));
                }
                long pods = access.client()
                        .pods()
                        .inAnyNamespace()
                        .list()
                        .getItems()
                        .size();
                System.out.println("pods        " + pods);
            }
            return healthy ? 0 : 1;
        }
    }
}
