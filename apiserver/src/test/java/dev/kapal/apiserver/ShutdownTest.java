package dev.kapal.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ShutdownTest {
    private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

    /// A watch that is cut off makes the reader throw; one that ends properly comes to its end.
    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void endsWatchesAsIfTheirTimeWereOver(HttpClient.Version version) throws Exception {
        try (var cluster = TestServer.start()) {
            cluster.call("POST", CONFIG_MAPS, "{\"metadata\":{\"name\":\"a\"}}");
            var client = cluster.client(Optional.of(cluster.pki().admin()));
            var request = HttpRequest.newBuilder(cluster.uri(CONFIG_MAPS + "?watch=1&fieldSelector=metadata.name%3Da"))
                    .version(version)
                    .build();
            var watch = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (var lines = new BufferedReader(new InputStreamReader(watch.body(), StandardCharsets.UTF_8))) {
                assertThat(lines.readLine()).contains("\"ADDED\"");
                cluster.server().close();
                assertThat(lines.readLine()).isNull();
            }
        }
    }

    @Test
    void failsToBeReadyBeforeItStopsToServe() throws Exception {
        var usual = Protection.DEFAULT;
        var slow = new Protection(
                Optional.empty(),
                true,
                usual.maxInFlight(),
                usual.maxMutatingInFlight(),
                usual.requestTimeout(),
                Duration.ofSeconds(30));
        try (var cluster = TestServer.start(slow)) {
            var client = cluster.client(Optional.of(cluster.pki().admin()));
            var closing = Thread.startVirtualThread(() -> cluster.server().close());
            String ready = cluster.get(client, "/readyz").body();
            while (!ready.contains("[-]shutdown failed: reason withheld")) {
                ready = cluster.get(client, "/readyz").body();
            }
            assertThat(ready).endsWith("readyz check failed\n");
            assertThat(cluster.get(client, "/livez").statusCode()).isEqualTo(200);
            assertThat(cluster.get(client, CONFIG_MAPS).statusCode()).isEqualTo(200);
            closing.interrupt(); // it need not wait for the test's sake
            closing.join();
        }
    }
}
