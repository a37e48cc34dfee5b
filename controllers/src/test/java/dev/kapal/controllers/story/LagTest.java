package dev.kapal.controllers.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.client.Api;
import dev.kapal.client.Key;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The controllers see the world late; they must not do things twice.
@Timeout(300)
class LagTest {
    private static final Key WEB = new Key("default", "web");

    @TempDir
    Path directory;

    @Test
    void createsAndDeletesExactlyWhatIsWanted() throws Exception {
        try (var town = Town.lagging(directory, Duration.ofMillis(8))) {
            town.api().create(Workloads.service(Map.of("app", "web")));
            town.api().create(Workloads.web(20, "web:v1"));
            ready(town, 20);
            scale(town, 60);
            ready(town, 60);
            scale(town, 10);
            town.await(Pod.class, "ten pods", pods -> pods.list("default").size() == 10);
            ready(town, 10);

            assertThat(town.answered("POST", "pods", "", 201)).isEqualTo(60);
            // Each pod is deleted once by its set, and once more, for good, by its node.
            assertThat(town.answered("DELETE", "pods", "", 200)).isEqualTo(100);
            assertThat(town.answered("POST", "replicasets", "", 201)).isEqualTo(1);
            assertThat(town.cache(EndpointSlice.class).list("default")).hasSize(2);
        }
    }

    private static void scale(Town town, int replicas) throws InterruptedException {
        town.api().patch(Deployment.class, WEB, Api.Patch.MERGE, "{\"spec\":{\"replicas\":" + replicas + "}}");
    }

    private static void ready(Town town, int replicas) throws Exception {
        town.await(
                Deployment.class,
                replicas + " ready",
                all -> all.find(WEB)
                        .filter(web -> web.getStatus() != null
                                && Integer.valueOf(replicas)
                                        .equals(web.getStatus().getReadyReplicas())
                                && Integer.valueOf(replicas)
                                        .equals(web.getStatus().getReplicas()))
                        .isPresent());
    }
}
