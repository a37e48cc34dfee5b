package dev.kapal.dist;

import dev.kapal.base.time.Time;
import dev.kapal.cli.ClusterOptions;
import dev.kapal.scheduler.Scheduler;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `kapal scheduler`: the scheduler alone, in the foreground.
@Command(name = "scheduler", description = "Runs the scheduler alone.")
final class SchedulerCommand implements Callable<Integer> {
    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private ElectedComponent component;

    @Override
    public Integer call() throws IOException, InterruptedException {
        return component.run(
                Component.SCHEDULER,
                cluster.data(),
                connection ->
                        Scheduler.start(connection.client(), Time.system(), new SecureRandom(), connection.metrics()));
    }
}
