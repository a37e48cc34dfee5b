package dev.kapal.apiserver.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.apiserver.Protections;
import dev.kapal.apiserver.TestServer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Scanner;
import org.junit.jupiter.api.Test;

class GoingAwayTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    /// What is under way goes on.
    @Test
    void aClientOnHttp2ComesBackOverAnotherConnection() throws Exception {
        try (var server = TestServer.start(Protections.goingAway());
                var client = server.client(Optional.of(server.pki().admin()))) {
            var request = HttpRequest.newBuilder(server.uri(MAPS + "?watch=1")).build();
            var watch = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            assertThat(watch.version()).isEqualTo(HttpClient.Version.HTTP_2);

            var first = connection(server, client);
            assertThat(first).isNotEqualTo(watch.connectionLabel().orElseThrow());
            assertThat(connection(server, client)).isNotEqualTo(first);

            server.create(MAPS, "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}");
            try (var events = new Scanner(watch.body(), StandardCharsets.UTF_8)) {
                assertThat(events.nextLine()).contains("\"name\":\"a\"");
            }
        }
    }

    /// Which connection a request went over.
    private static String connection(TestServer server, HttpClient client) throws Exception {
        var answer = server.get(client, MAPS);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        return answer.connectionLabel().orElseThrow();
    }
}
