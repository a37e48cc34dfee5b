package dev.kapal.apiserver.streaming;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.apiserver.TestServer;
import dev.kapal.pki.TlsContexts;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Clients that go without a word, a thousand in all, leave no thread: neither here nor at the agent.
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrokenOffTest {
    private static final int CLIENTS = 200;
    private static final int AT_ONCE = 100;
    private static final String EXEC = "/api/v1/namespaces/default/pods/web/exec?command=cat&stdin=1&stdout=1";

    private TestServer cluster;
    private FakeAgent agent;
    private SSLContext tls;

    /// What the clients ask for before they go.
    private enum Request {
        WATCH("GET /api/v1/namespaces/default/configmaps?watch=1", "", 200),
        WATCH_BY_WEB_SOCKET("GET /api/v1/namespaces/default/configmaps?watch=1", webSocket(""), 101),
        EXEC_BY_SPDY(
                "POST " + EXEC,
                "Connection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: v4.channel.k8s.io\r\n",
                101),
        EXEC_BY_WEB_SOCKET("GET " + EXEC, webSocket("Sec-WebSocket-Protocol: v5.channel.k8s.io\r\n"), 101),
        HALF_A_BODY("POST /api/v1/namespaces/default/configmaps", "Content-Length: 1000\r\n", 0);

        private final String line;
        private final String headers;
        private final int status;

        Request(String line, String headers, int status) {
            this.line = line;
            this.headers = headers;
            this.status = status;
        }

        private static String webSocket(String more) {
            return "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + more;
        }
    }

    @BeforeAll
    void start() throws Exception {
        cluster = TestServer.start();
        tls = TlsContexts.client(
                Optional.of(cluster.pki().admin()), cluster.pki().roots());
        agent = FakeAgent.start(cluster, "n1");
        cluster.create("/api/v1/nodes", "{metadata: {name: n1}}");
        cluster.putStatus(
                "/api/v1/nodes/n1",
                "{addresses: [{type: InternalIP, address: 127.0.0.1}], daemonEndpoints: {kubeletEndpoint: {Port: %d}}}"
                        .formatted(agent.port()));
        cluster.create("/api/v1/namespaces/default/serviceaccounts", "{metadata: {name: default}}");
        cluster.create(
                "/api/v1/namespaces/default/pods",
                "{metadata: {name: web}, spec: {nodeName: n1, containers: [{name: app, image: x}]}}");
    }

    @AfterAll
    void stop() {
        agent.close();
        cluster.close();
    }

    @ParameterizedTest
    @EnumSource(Request.class)
    void leavesNoThread(Request request) throws Exception {
        int before = threads();
        for (int done = 0; done < CLIENTS; done += AT_ONCE) {
            var clients = new ArrayList<Socket>();
            for (int i = 0; i < AT_ONCE; i++) {
                clients.add(begin(request));
            }
            for (var client : clients) {
                client.setSoLinger(true, 0); // no goodbye
                client.close();
            }
        }
        while (threads() > before) {
            Thread.onSpinWait();
        }
    }

    /// How many threads there are by the server's metrics.
    private int threads() throws Exception {
        var metrics = cluster.call("GET", "/metrics", "").text();
        return metrics.lines()
                .filter(line -> line.startsWith("kapal_threads "))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(line.indexOf(' '))))
                .findFirst()
                .orElseThrow();
    }

    private Socket begin(Request request) throws IOException {
        var socket = tls.getSocketFactory().createSocket("127.0.0.1", cluster.port());
        socket.setSoTimeout(30_000);
        socket.setTcpNoDelay(true); // the request would wait 40 ms for the acknowledgement of the handshake's end
        socket.getOutputStream()
                .write((request.line + " HTTP/1.1\r\nHost: kapal\r\n" + request.headers + "\r\n").getBytes(ISO_8859_1));
        if (request.status > 0) {
            assertThat(new String(socket.getInputStream().readNBytes(12), ISO_8859_1))
                    .isEqualTo("HTTP/1.1 " + request.status);
        }
        return socket;
    }
}
