package dev.kapal.controllers.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.client.Api;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Both ways to the API server carry the same things.
@Timeout(300)
class ConnectionTest {
    @TempDir
    Path directory;

    private Town town;

    @BeforeEach
    void found() throws Exception {
        town = Town.start(directory);
    }

    @AfterEach
    void leave() throws Exception {
        if (town != null) {
            town.close();
        }
    }

    @Test
    void watchesOverTls() throws Exception {
        try (var client = town.https(directory)) {
            followsChanges(client);
            servesFabric8sOwnWatch(client);
        }
    }

    @Test
    void watchesWithoutASocket() throws Exception {
        followsChanges(town.client());
        servesFabric8sOwnWatch(town.client());
    }

    private static void followsChanges(KubernetesClient client) throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        try (var informers = new Informers(client, Time.system(), new Metrics())) {
            var maps = informers.withFields(ConfigMap.class, "metadata.name=followed");
            maps.awaitSync();
            try (var watching =
                    maps.onChange(change -> seen.add(change.getClass().getSimpleName()))) {
                var api = new Api(client);
                var made = api.create(map("followed"));
                made.getData().put("k", "v");
                api.update(made);
                api.delete(ConfigMap.class, Key.of(made), new DeleteOptions());
                assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("Added");
                assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("Updated");
                assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("Deleted");
            }
        }
    }

    private static void servesFabric8sOwnWatch(KubernetesClient client) throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        try (var watch = client.configMaps()
                .inNamespace("default")
                .withName("watched")
                .watch(new Watcher<>() {
                    @Override
                    public void eventReceived(Action action, ConfigMap map) {
                        seen.add(action.name());
                    }

                    @Override
                    public void onClose(WatcherException cause) {}
                })) {
            client.resource(map("watched")).create();
            assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("ADDED");
            client.configMaps().inNamespace("default").withName("watched").delete();
            assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("DELETED");
        }
    }

    private static ConfigMap map(String name) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .addToData("k", "")
                .build();
    }
}
