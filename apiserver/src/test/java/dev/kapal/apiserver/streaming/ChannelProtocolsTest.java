package dev.kapal.apiserver.streaming;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.apiserver.TestServer;
import dev.kapal.http.Headers;
import dev.kapal.http.client.ClientConnection;
import dev.kapal.http.client.Target;
import dev.kapal.http.websocket.WebSocket;
import dev.kapal.pki.TlsContexts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every subprotocol that WebSocket clients of any age speak, message by message.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChannelProtocolsTest {
    private static final String EXEC = "/api/v1/namespaces/default/pods/web/exec?container=app";

    private TestServer cluster;
    private FakeAgent agent;

    @BeforeAll
    void start() throws Exception {
        cluster = TestServer.start();
        agent = FakeAgent.start(cluster, "n1");
        cluster.create("/api/v1/nodes", "{apiVersion: v1, kind: Node, metadata: {name: n1}}");
        cluster.putStatus(
                "/api/v1/nodes/n1",
                "{addresses: [{type: InternalIP, address: 127.0.0.1}], daemonEndpoints: {kubeletEndpoint: {Port: %d}}}"
                        .formatted(agent.port()));
        cluster.create(
                "/api/v1/namespaces/default/serviceaccounts",
                "{apiVersion: v1, kind: ServiceAccount, metadata: {name: default}}");
        cluster.create(
                "/api/v1/namespaces/default/pods",
                "{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {nodeName: n1, containers: [{name: app, image: x}]}}");
    }

    @AfterAll
    void stop() {
        agent.close();
        cluster.close();
    }

    private ClientConnection connect() throws IOException {
        var tls = TlsContexts.client(
                Optional.of(cluster.pki().admin()), cluster.pki().roots());
        return ClientConnection.open(new Target("127.0.0.1", cluster.port(), Optional.of(tls)), Duration.ofSeconds(10));
    }

    private static ClientConnection.Answer ask(ClientConnection connection, String path, String protocol)
            throws IOException {
        var headers = Headers.builder()
                .add("Host", "x")
                .add("Connection", "Upgrade")
                .add("Upgrade", "websocket")
                .add("Sec-WebSocket-Version", "13")
                .add("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        if (!protocol.isEmpty()) {
            headers.add("Sec-WebSocket-Protocol", protocol);
        }
        return connection.send("GET", path, headers.build(), InputStream.nullInputStream(), 0);
    }

    /// Everything that was said until the end, by channel.
    private static Map<Integer, String> hear(WebSocket socket, boolean base64) throws IOException {
        var heard = new TreeMap<Integer, ByteArrayOutputStream>();
        for (var message = socket.read(); message.isPresent(); message = socket.read()) {
            byte[] bytes = message.get().bytes();
            int channel = base64 ? bytes[0] - '0' : bytes[0];
            byte[] rest = Arrays.copyOfRange(bytes, 1, bytes.length);
            heard.computeIfAbsent(channel, c -> new ByteArrayOutputStream())
                    .writeBytes(base64 ? Base64.getDecoder().decode(rest) : rest);
        }
        var texts = new TreeMap<Integer, String>();
        heard.forEach((channel, bytes) -> texts.put(channel, bytes.toString(UTF_8)));
        return texts;
    }

    @ParameterizedTest
    @CsvSource({
        "v5.channel.k8s.io, false, true",
        "v4.channel.k8s.io, false, true",
        "v4.base64.channel.k8s.io, true, true",
        "channel.k8s.io, false, false",
        "base64.channel.k8s.io, true, false",
        "'', false, false",
    })
    void tellsHowACommandEndedInTheFormOfTheTime(String protocol, boolean base64, boolean json) throws Exception {
        try (var connection = connect()) {
            var answer = ask(connection, EXEC + "&stdout=true&stderr=true&command=fail", protocol);
            assertThat(answer.status()).isEqualTo(101);
            assertThat(answer.headers().first("Sec-WebSocket-Protocol").orElse(""))
                    .isEqualTo(protocol);
            assertThat(answer.headers().first("Sec-WebSocket-Accept")).contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            var heard = hear(WebSocket.client(connection.upgraded()), base64);
            assertThat(heard.get(2)).isEqualTo("no such luck\n");
            assertThat(heard.get(1))
                    .as("the empty message that says that all is connected")
                    .isEmpty();
            String message = "command terminated with non-zero exit code: 7";
            if (json) {
                assertThat(heard.get(3))
                        .contains("\"reason\":\"NonZeroExitCode\"")
                        .contains(message);
            } else {
                assertThat(heard.get(3)).isEqualTo(message);
            }
        }
    }

    @Test
    void endsTheInputAndNothingElse() throws Exception {
        try (var connection = connect()) {
            ask(connection, EXEC + "&stdin=true&stdout=true&command=cat", "v5.channel.k8s.io");
            var socket = WebSocket.client(connection.upgraded());
            send(socket, 0, "first ");
            send(socket, 0, "second");
            socket.sendBinary(new byte[] {(byte) 255, 0}, 0, 2);
            var heard = hear(socket, false);
            assertThat(heard.get(1)).isEqualTo("first second");
            assertThat(heard.get(3)).isEqualTo("{\"metadata\":{},\"status\":\"Success\"}");
        }
    }

    @Test
    void passesTheSizeOfTheTerminalOn() throws Exception {
        try (var connection = connect()) {
            ask(connection, EXEC + "&stdin=true&stdout=true&tty=true&command=size", "v4.channel.k8s.io");
            var socket = WebSocket.client(connection.upgraded());
            send(socket, 4, "{\"Width\":80,\"Height\":25}");
            assertThat(hear(socket, false).get(1)).isEqualTo("{\"Width\":80,\"Height\":25}");
        }
    }

    @Test
    void refusesProtocolsThatNobodyKnows() throws Exception {
        try (var connection = connect()) {
            var answer = ask(connection, EXEC + "&stdout=true&command=x", "v9.channel.k8s.io");
            assertThat(answer.status()).isEqualTo(400);
        }
    }

    @Test
    void saysInsteadOfTheUpgradeWhatCannotBe() throws Exception {
        try (var connection = connect()) {
            var answer = ask(connection, EXEC + "&stdout=true&command=missing", "v4.channel.k8s.io");
            assertThat(answer.status()).isEqualTo(404);
            assertThat(new String(answer.body().readAllBytes(), UTF_8)).isEqualTo("container not found (\"app\")");
        }
    }

    @Test
    void saysAfterTheUpgradeWhatCannotBe() throws Exception {
        try (var connection = connect()) {
            var answer = ask(connection, EXEC + "&stdout=true&command=missing", "v5.channel.k8s.io");
            assertThat(answer.status()).isEqualTo(101);
            assertThat(hear(WebSocket.client(connection.upgraded()), false).get(3))
                    .contains(
                            "Internal error occurred: unable to upgrade connection: container not found (\\\"app\\\")")
                    .contains("\"code\":500");
        }
    }

    private static void send(WebSocket socket, int channel, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        var message = new byte[bytes.length + 1];
        message[0] = (byte) channel;
        System.arraycopy(bytes, 0, message, 1, bytes.length);
        socket.sendBinary(message, 0, message.length);
    }
}
