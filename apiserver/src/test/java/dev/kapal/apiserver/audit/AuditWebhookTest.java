package dev.kapal.apiserver.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import dev.kapal.apiserver.Protection;
import dev.kapal.apiserver.TestServer;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.MediaType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A whole server that tells another one what it does.
class AuditWebhookTest {
    private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String RULES = """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            rules: [{level: Metadata, users: [admin], resources: [{resources: [configmaps]}]}]
            """;

    private final BlockingQueue<ObjectNode> received = new LinkedBlockingQueue<>();

    @TempDir
    private Path directory;

    private HttpServer collector;
    /// What it answers, one after the other; 200 afterwards.
    private final Queue<Integer> answers = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void listen() throws IOException {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/events", exchange -> {
            var list = Documents.read(exchange.getRequestBody().readAllBytes());
            var status = Optional.ofNullable(answers.poll()).orElse(200);
            if (status == 200) {
                received.add(list);
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        collector.start();
    }

    @AfterEach
    void stop() {
        collector.stop(0);
    }

    private TestServer server(AuditMode mode) throws Exception {
        var kubeconfig = Files.writeString(directory.resolve("collector"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: a, cluster: {server: "http://127.0.0.1:%d/events"}}]
                contexts: [{name: c, context: {cluster: a}}]
                current-context: c
                """.formatted(
                        collector.getAddress().getPort()));
        var policy = AuditPolicyFile.parse(RULES.getBytes(StandardCharsets.UTF_8), MediaType.YAML);
        var webhook = new AuditWebhookConfig(
                kubeconfig, mode, Duration.ofMillis(1), AuditBatching.OF_WEBHOOK, Optional.empty());
        return TestServer.start(
                Protection.DEFAULT.with(new Protection.Audit(policy, Optional.empty(), Optional.of(webhook))));
    }

    /// Waits for the next list: a blocked request is answered before its last event is sent.
    private List<String> stages() throws InterruptedException {
        var list = Optional.ofNullable(received.poll(10, TimeUnit.SECONDS)).orElseThrow();
        return list.path("items")
                .valueStream()
                .map(event -> event.path("stage").asText())
                .toList();
    }

    private static int create(TestServer server, String name) throws Exception {
        return server.call("POST", CONFIG_MAPS, "{\"metadata\":{\"name\":\"" + name + "\"}}")
                .status();
    }

    @Test
    void sendsWhatGatheredAsOneList() throws Exception {
        try (var server = server(AuditMode.BATCH)) {
            assertThat(create(server, "a")).isEqualTo(201);
            assertThat(create(server, "b")).isEqualTo(201);
        }
        assertThat(received).hasSize(1);
        var list = received.element();
        assertThat(list.path("kind").asText()).isEqualTo("EventList");
        assertThat(list.path("apiVersion").asText()).isEqualTo("audit.k8s.io/v1");
        // a client may have its answer, and ask for more, before the end of its request is noted
        assertThat(list.path("items"))
                .filteredOn(event -> event.path("stage").asText().equals("ResponseComplete"))
                .extracting(event -> event.at("/objectRef/name").asText())
                .containsExactlyInAnyOrder("a", "b");
        assertThat(stages())
                .containsExactlyInAnyOrder(
                        "RequestReceived", "ResponseComplete", "RequestReceived", "ResponseComplete");
    }

    @ParameterizedTest
    @EnumSource(
            value = AuditMode.class,
            names = {"BLOCKING", "BLOCKING_STRICT"})
    void aBlockedRequestWaitsForItsEvents(AuditMode mode) throws Exception {
        try (var server = server(mode)) {
            assertThat(create(server, "a")).isEqualTo(201);
            assertThat(stages()).containsExactly("RequestReceived");
            assertThat(stages()).containsExactly("ResponseComplete");
        }
    }

    @Test
    void triesAgainWhenTheServerIsAway() throws Exception {
        answers.addAll(List.of(503, 429, 404, 500));
        try (var server = server(AuditMode.BLOCKING_STRICT)) {
            assertThat(create(server, "a")).isEqualTo(201);
            assertThat(stages()).containsExactly("RequestReceived");
        }
    }

    @Test
    void onlyTheStrictOneRefusesWhatItCannotTell() throws Exception {
        answers.addAll(List.of(500, 500, 500, 500, 500));
        try (var server = server(AuditMode.BLOCKING_STRICT)) {
            var refused = server.call("POST", CONFIG_MAPS + "?a=1&b=2", "{\"metadata\":{\"name\":\"a\"}}");
            assertThat(refused.status()).isEqualTo(500);
            assertThat(refused.text())
                    .isEqualTo("Internal Server Error: \"" + CONFIG_MAPS
                            + "?a=1&amp;b=2\": failed to store audit event\n");
            assertThat(server.call("GET", CONFIG_MAPS + "/a", "").status()).isEqualTo(404);
            assertThat(stages()).containsExactly("RequestReceived");
            assertThat(stages()).containsExactly("ResponseComplete");
            assertThat(server.call("GET", "/metrics", "").text())
                    .contains("apiserver_audit_requests_rejected_total 1")
                    .contains("apiserver_audit_error_total{plugin=\"webhook\"} 1");
        }
        answers.addAll(List.of(500, 500, 500, 500, 500));
        try (var server = server(AuditMode.BLOCKING)) {
            assertThat(create(server, "a")).isEqualTo(201);
            assertThat(stages()).containsExactly("ResponseComplete");
        }
    }
}
