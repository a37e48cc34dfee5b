package dev.kapal.network.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.client.Key;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a load balancer sees of a node.
class HealthPortsTest {
    private static final Key WEB = new Key("shop", "web");

    private final HealthPorts ports = new HealthPorts();
    private final HttpClient balancer = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        balancer.close();
        ports.close();
    }

    @Test
    void sendsLoadBalancersToNodesThatHaveEndpoints() throws Exception {
        int port = free();
        ports.change(WEB, Optional.of(new ServiceHealth(port, 2)));

        var answer = ask(port);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(answer.headers().firstValue("X-Load-Balancing-Endpoint-Weight"))
                .contains("2");
        assertThat(answer.body()).isEqualTo("""
                {
                	"service": {
                		"namespace": "shop",
                		"name": "web"
                	},
                	"localEndpoints": 2,
                	"serviceProxyHealthy": true
                }""");

        ports.change(WEB, Optional.of(new ServiceHealth(port, 0)));
        assertThat(ask(port).statusCode()).isEqualTo(503);
        assertThat(ask(port).body()).contains("\"localEndpoints\": 0");
    }

    @Test
    void sendsNobodyWhereTheRulesAreNotInForce() throws Exception {
        int port = free();
        ports.change(WEB, Optional.of(new ServiceHealth(port, 1)));

        ports.rulesInForce(false);
        assertThat(ask(port).statusCode()).isEqualTo(503);
        assertThat(ask(port).body()).contains("\"serviceProxyHealthy\": false");

        ports.rulesInForce(true);
        assertThat(ask(port).statusCode()).isEqualTo(200);
    }

    @Test
    void listensWhereTheServiceSaysAndNoLonger() throws Exception {
        int before = free();
        ports.change(WEB, Optional.of(new ServiceHealth(before, 1)));
        int after = free();

        ports.change(WEB, Optional.of(new ServiceHealth(after, 1)));
        assertThat(ask(after).statusCode()).isEqualTo(200);
        assertThatThrownBy(() -> ask(before)).isInstanceOf(ConnectException.class);

        ports.change(WEB, Optional.empty());
        assertThatThrownBy(() -> ask(after)).isInstanceOf(ConnectException.class);
    }

    @Test
    void takesAPortThatBecomesFree() throws Exception {
        int port;
        try (var other = new ServerSocket(0)) {
            port = other.getLocalPort();
            assertThatThrownBy(() -> ports.change(WEB, Optional.of(new ServiceHealth(port, 1))))
                    .isInstanceOf(BindException.class);
        }

        ports.change(WEB, Optional.of(new ServiceHealth(port, 1)));
        assertThat(ask(port).statusCode()).isEqualTo(200);
    }

    private static int free() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private HttpResponse<String> ask(int port) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                .build();
        return balancer.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
