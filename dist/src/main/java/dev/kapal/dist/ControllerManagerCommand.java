package dev.kapal.dist;

import dev.kapal.base.time.Time;
import dev.kapal.cli.ClusterOptions;
import dev.kapal.cli.DataDirectory;
import dev.kapal.controllers.Controllers;
import dev.kapal.pki.ClusterPki;
import dev.kapal.pki.Pem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `kapal controller-manager`: the controllers alone, in the foreground.
@Command(
        name = "controller-manager",
        description =
                "Runs the controllers alone. They sign certificates where the data directory has the authority's key.")
final class ControllerManagerCommand implements Callable<Integer> {
    @Mixin
    private ClusterOptions cluster;

    @Mixin
    private ElectedComponent component;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var data = cluster.data();
        return component.run(Component.CONTROLLER_MANAGER, data, connection -> start(data, connection));
    }

    private static Controllers start(DataDirectory data, ElectedComponent.Connection connection) {
        var time = Time.system();
        try {
            return Controllers.start(connection.client(), config(data, connection, time), time, connection.metrics());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /// Beside the API server the controllers have the keys that sign; elsewhere they do all but that.
    private static Controllers.Config config(DataDirectory data, ElectedComponent.Connection connection, Time time)
            throws IOException {
        if (!Files.exists(data.pki().resolve("ca.key"))) {
            return Controllers.Config.defaults(
                    Pem.encode(connection.access().roots().certificates()));
        }
        var pki = ClusterPki.open(data.pki(), time);
        return Controllers.Config.defaults(pki.authority()).withTokens(() -> {
            try {
                return pki.serviceAccountKeys();
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        });
    }
}
