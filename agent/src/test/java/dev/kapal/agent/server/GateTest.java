package dev.kapal.agent.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kapal.client.Clients;
import dev.kapal.client.delegated.Reviews;
import dev.kapal.http.Content;
import dev.kapal.http.Exchange;
import dev.kapal.http.Headers;
import dev.kapal.http.Peer;
import dev.kapal.http.Request;
import dev.kapal.http.Response;
import dev.kapal.testkit.FakeTime;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Who may ask a node for what. The API server here knows one token and one right.
class GateTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FakeTime time = new FakeTime();
    private final List<String> asked = new ArrayList<>();
    private boolean down;
    private final KubernetesClient client = Clients.inProcess(this::answer, "system:node:n1", List.of("system:nodes"));
    private final Gate gate = new Gate("api-server", "n1", Optional.of(new Reviews(client, time)));

    @AfterEach
    void close() {
        client.close();
    }

    private void answer(Exchange exchange) throws IOException {
        var request = exchange.request();
        var body = JSON.readTree(request.body());
        if (down) {
            exchange.respond(Response.text(503, "down"));
            return;
        }
        var spec = body.path("spec");
        String status;
        if (request.path().endsWith("/tokenreviews")) {
            asked.add("token");
            status = spec.path("token").asText().equals("good")
                    ? "{\"authenticated\":true,\"user\":{\"username\":\"prometheus\",\"groups\":[\"apps\"]}}"
                    : "{\"authenticated\":false}";
        } else {
            var attributes = spec.path("resourceAttributes");
            String question =
                    spec.path("user").asText() + " " + attributes.path("verb").asText() + " "
                            + attributes.path("resource").asText() + "/"
                            + attributes.path("subresource").asText() + " "
                            + attributes.path("name").asText();
            asked.add(question);
            status = "{\"allowed\":" + question.equals("prometheus get nodes/metrics n1") + "}";
        }
        exchange.respond(Response.json(
                201,
                ("{\"apiVersion\":\"" + body.path("apiVersion").asText() + "\",\"kind\":\""
                                + body.path("kind").asText() + "\",\"status\":" + status + "}")
                        .getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aPodWithATokenGetsWhatItHasARightTo() throws Exception {
        gate.check(request("GET", "/metrics/cadvisor", "Bearer good"));
        assertThat(asked).containsExactly("token", "prometheus get nodes/metrics n1");
    }

    @Test
    void aPodWithoutTheRightIsRefused() {
        assertThatThrownBy(() -> gate.check(request("POST", "/exec/default/web/c", "Bearer good")))
                .isInstanceOf(Refusal.class)
                .hasMessage("Forbidden (user=prometheus, verb=create, resource=nodes, subresource(s)=[proxy])");
        assertThatThrownBy(() -> gate.check(request("GET", "/pods", "Bearer good")))
                .hasMessage("Forbidden (user=prometheus, verb=get, resource=nodes, subresource(s)=[pods proxy])");
    }

    @Test
    void nobodyIsRefusedWithoutAsking() {
        assertThatThrownBy(() -> gate.check(request("GET", "/metrics", ""))).hasMessage("Unauthorized");
        assertThatThrownBy(() -> gate.check(request("GET", "/metrics", "Basic good")))
                .hasMessage("Unauthorized");
        assertThat(asked).isEmpty();
    }

    @Test
    void aTokenThatIsNotValidIsRefused() {
        assertThatThrownBy(() -> gate.check(request("GET", "/metrics", "Bearer forged")))
                .hasMessage("Unauthorized");
    }

    @Test
    void answersAreRememberedForAWhile() throws Exception {
        gate.check(request("GET", "/metrics", "Bearer good"));
        gate.check(request("GET", "/metrics", "Bearer good"));
        assertThat(asked).hasSize(2);
        time.advance(Duration.ofMinutes(6));
        gate.check(request("GET", "/metrics", "Bearer good"));
        assertThat(asked).hasSize(4);
    }

    @Test
    void nobodyGetsInWhileTheApiServerIsDown() {
        down = true;
        assertThatThrownBy(() -> gate.check(request("GET", "/metrics", "Bearer good")))
                .hasMessage("Unauthorized");
    }

    @Test
    void theApiServerNeedNotAskItself() throws Exception {
        gate.check(Request.local(
                "POST", "/exec/default/web/c", Headers.NONE, new byte[0], new Peer.Local("api-server", List.of())));
        assertThat(asked).isEmpty();
    }

    private static Request request(String method, String path, String authorization) {
        var headers = authorization.isEmpty() ? Headers.NONE : Headers.of("Authorization", authorization);
        return new Request(
                method,
                path,
                path,
                "",
                headers,
                Content.of(new byte[0]),
                new Peer.Tls(List.of(), InetSocketAddress.createUnresolved("pod", 1)),
                "HTTP/1.1");
    }
}
