package dev.kapal.agent.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.kapal.agent.cri.FakeRuntime;
import dev.kapal.testkit.FakeTime;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChecksTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final String IP = "127.0.0.1";

    private final AtomicReference<String> agent = new AtomicReference<>();
    private final AtomicReference<String> host = new AtomicReference<>();
    private HttpServer server;
    private int port;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        port = server.getAddress().getPort();
        answer("/ok", 200, "");
        answer("/broken", 503, "");
        answer("/moved", 302, "/ok");
        answer("/elsewhere", 302, "http://example.invalid/");
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(String path, int status, String location) {
        server.createContext(path, exchange -> {
            agent.set(exchange.getRequestHeaders().getFirst("User-Agent"));
            host.set(exchange.getRequestHeaders().getFirst("Host"));
            if (!location.isEmpty()) {
                exchange.getResponseHeaders().set("Location", location);
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
    }

    @Test
    void anHttpAnswerBelow400IsASuccess() throws Exception {
        assertThat(http("/ok")).isEqualTo(new Outcome.Success());
        assertThat(agent).hasValue("kube-probe/1.34");
        assertThat(host).hasValue(IP + ":" + port);
        assertThat(http("/moved")).isEqualTo(new Outcome.Success());
        assertThat(http("/elsewhere")).isInstanceOf(Outcome.Warning.class);
        assertThat(http("/broken")).isEqualTo(new Outcome.Failure("HTTP probe failed with statuscode: 503"));
    }

    @Test
    void headersOfTheSpecWin() throws Exception {
        var probe = new ProbeBuilder()
                .withNewHttpGet()
                .withPath("/ok")
                .withPort(new IntOrString("web"))
                .addNewHttpHeader("host", "shop.example")
                .addNewHttpHeader("User-Agent", "mine")
                .endHttpGet()
                .build();
        assertThat(ask(probe)).isEqualTo(new Outcome.Success());
        assertThat(host).hasValue("shop.example");
        assertThat(agent).hasValue("mine");
    }

    @Test
    void failuresReadAsPeopleKnowThem() throws Exception {
        int closed = closedPort();
        var http = new ProbeBuilder()
                .withNewHttpGet()
                .withPath("/")
                .withPort(new IntOrString(closed))
                .endHttpGet()
                .build();
        var dial = "dial tcp 127.0.0.1:" + closed + ": connect: connection refused";
        assertThat(ask(http)).isEqualTo(new Outcome.Failure("Get \"http://127.0.0.1:" + closed + "/\": " + dial));
        var tcp = new ProbeBuilder()
                .withNewTcpSocket()
                .withPort(new IntOrString(closed))
                .endTcpSocket()
                .build();
        assertThat(ask(tcp)).isEqualTo(new Outcome.Failure(dial));
    }

    @Test
    void aServerThatDoesNotAnswerInTimeFails() throws Exception {
        try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var probe = new ProbeBuilder()
                    .withNewHttpGet()
                    .withPath("/")
                    .withPort(new IntOrString(silent.getLocalPort()))
                    .endHttpGet()
                    .build();
            var outcome = new Checks(new FakeRuntime(new FakeTime()))
                    .of(probe, container(), "id", IP)
                    .ask(Duration.ofMillis(50));
            assertThat(outcome)
                    .isEqualTo(new Outcome.Failure("Get \"http://127.0.0.1:" + silent.getLocalPort()
                            + "/\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)"));
        }
    }

    @Test
    void aTcpConnectionIsASuccess() throws Exception {
        var probe = new ProbeBuilder()
                .withNewTcpSocket()
                .withPort(new IntOrString(port))
                .endTcpSocket()
                .build();
        assertThat(ask(probe)).isEqualTo(new Outcome.Success());
    }

    @Test
    void aPortNobodyKnowsCannotBeAsked() throws Exception {
        var probe = new ProbeBuilder()
                .withNewTcpSocket()
                .withPort(new IntOrString("admin"))
                .endTcpSocket()
                .build();
        assertThat(ask(probe)).isEqualTo(new Outcome.Broken("couldn't find port: admin"));
    }

    private Outcome http(String path) throws InterruptedException {
        return ask(new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withPort(new IntOrString(port))
                .endHttpGet()
                .build());
    }

    private Outcome ask(Probe probe) throws InterruptedException {
        return new Checks(new FakeRuntime(new FakeTime()))
                .of(probe, container(), "id", IP)
                .ask(TIMEOUT);
    }

    private Container container() {
        return new ContainerBuilder()
                .withName("c")
                .addNewPort()
                .withName("web")
                .withContainerPort(port)
                .endPort()
                .build();
    }

    private static int closedPort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
