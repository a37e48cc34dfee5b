package dev.kapal.apiserver.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.apiserver.Protections;
import dev.kapal.apiserver.TestServer;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class BrowsersTest {
    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(Protections.talkingToBrowsers(new BrowserRules(
                List.of("max-age=31536000", "includeSubDomains"),
                List.of(Pattern.compile("^https://dashboard\\.example\\.com(:|$)")))));
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @Test
    void areToldToComeBackOverTls() throws Exception {
        for (var path : List.of(PODS, "/readyz", "/nonsense")) {
            assertThat(server.call("GET", path, "").headers().all("Strict-Transport-Security"))
                    .as(path)
                    .containsExactly("max-age=31536000; includeSubDomains");
        }
    }

    @Test
    void askWithoutCredentialsWhetherAPageMayCall() throws Exception {
        try (var client = server.client(Optional.empty())) {
            var request = HttpRequest.newBuilder(server.uri(PODS))
                    .header("Origin", "https://dashboard.example.com:8443")
                    .header("Access-Control-Request-Method", "DELETE")
                    .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                    .build();
            var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(204);
            assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
                    .contains("https://dashboard.example.com:8443");
            assertThat(answer.headers().firstValue("Access-Control-Allow-Methods"))
                    .contains("POST, GET, OPTIONS, PUT, DELETE, PATCH");
            assertThat(answer.headers()
                            .firstValue("Access-Control-Allow-Headers")
                            .orElseThrow())
                    .contains("Authorization");
            assertThat(answer.headers().firstValue("Access-Control-Allow-Credentials"))
                    .contains("true");
        }
    }

    @Test
    void hearWithEachAnswerWhoMayReadIt() throws Exception {
        var answer = server.call("GET", PODS, "", "Origin", "https://dashboard.example.com");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers().first("Access-Control-Allow-Origin")).contains("https://dashboard.example.com");
        assertThat(answer.headers().first("Access-Control-Expose-Headers")).contains("Date");
        var others = server.call("GET", PODS, "", "Origin", "https://dashboard.example.com.evil.org");
        assertThat(others.headers().has("Access-Control-Allow-Origin")).isFalse();
    }
}
