package dev.kapal.client.delegated;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.client.Clients;
import dev.kapal.http.Exchange;
import dev.kapal.http.Response;
import dev.kapal.pki.CertificateAuthority;
import dev.kapal.pki.Identity;
import dev.kapal.pki.Profile;
import dev.kapal.pki.TlsContexts;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a component tells to whom, over the wire. The API server here knows the token `good` of prometheus, and lets
/// prometheus and admins read metrics.
class ComponentServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Time TIME = Time.system();

    private final CertificateAuthority authority = CertificateAuthority.create("kubernetes", TIME);
    private final KubernetesClient client =
            Clients.inProcess(this::review, "system:kube-scheduler", List.of("system:authenticated"));
    private boolean isWell = true;
    private ComponentServer server;

    @BeforeEach
    void start() throws Exception {
        var metrics = new Metrics();
        metrics.counter("scheduler_things_total", "Things.").increment();
        server = ComponentServer.start(
                "kube-scheduler",
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                authority.roots(),
                new Reviews(client, TIME),
                metrics,
                List.of(new ComponentServer.Check("leaderElection", () -> isWell)),
                TIME);
    }

    @AfterEach
    void stop() {
        server.close();
        client.close();
    }

    private void review(Exchange exchange) throws IOException {
        var body = JSON.readTree(exchange.request().body());
        var spec = body.path("spec");
        String status;
        if (body.path("kind").asText().equals("TokenReview")) {
            status = spec.path("token").asText().equals("good")
                    ? "{\"authenticated\":true,\"user\":{\"username\":\"prometheus\",\"groups\":[\"apps\"]}}"
                    : "{\"authenticated\":false}";
        } else {
            var wanted = spec.path("nonResourceAttributes");
            boolean knows = spec.path("user").asText().equals("prometheus")
                    || spec.path("groups").toString().contains("\"admins\",\"system:authenticated\"");
            boolean allowed = knows
                    && wanted.path("verb").asText().equals("get")
                    && wanted.path("path").asText().equals("/metrics");
            status = "{\"allowed\":" + allowed + "}";
        }
        exchange.respond(Response.json(
                201,
                ("{\"apiVersion\":" + body.path("apiVersion") + ",\"kind\":" + body.path("kind") + ",\"status\":"
                                + status + "}")
                        .getBytes(StandardCharsets.UTF_8)));
    }

    private String get(String path, String... headers) throws Exception {
        return get(Optional.empty(), path, headers);
    }

    private String get(Optional<Identity> identity, String path, String... headers) throws Exception {
        Supplier<Identity> shown =
                identity.<Supplier<Identity>>map(known -> () -> known).orElse(null);
        var context = shown == null ? TlsContexts.anyServer() : TlsContexts.anyServer(shown);
        try (var socket = context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.port())) {
            var head = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
            for (var header : headers) {
                head.append(header).append("\r\n");
            }
            socket.getOutputStream().write((head + "\r\n").getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void everybodyMayAskHowItIs() throws Exception {
        for (var path : List.of("/healthz", "/livez", "/readyz")) {
            assertThat(get(path)).startsWith("HTTP/1.1 200").endsWith("\r\n\r\nok");
        }
        assertThat(get("/livez?verbose")).endsWith("[+]leaderElection ok\nlivez check passed\n");
    }

    @Test
    void whatIsNotWellIsNamed() throws Exception {
        isWell = false;
        assertThat(get("/healthz"))
                .startsWith("HTTP/1.1 500")
                .endsWith("[-]leaderElection failed: reason withheld\nhealthz check failed\n");
    }

    @Test
    void metricsAreForThoseWhoMayReadThem() throws Exception {
        assertThat(get("/metrics", "Authorization: Bearer good"))
                .startsWith("HTTP/1.1 200")
                .contains("scheduler_things_total 1");
        var admin = authority.issue(Profile.client("ann", "admins"));
        assertThat(get(Optional.of(admin), "/metrics")).startsWith("HTTP/1.1 200");
    }

    @Test
    void strangersAreForbidden() throws Exception {
        assertThat(get("/metrics"))
                .startsWith("HTTP/1.1 403")
                .contains("forbidden: User \\\"system:anonymous\\\" cannot get path \\\"/metrics\\\"");
        assertThat(get("/configz", "Authorization: Bearer good")).startsWith("HTTP/1.1 403");
    }

    @Test
    void wrongCredentialsAreNone() throws Exception {
        assertThat(get("/metrics", "Authorization: Bearer bad"))
                .startsWith("HTTP/1.1 401")
                .contains("\"reason\":\"Unauthorized\"");
    }
}
