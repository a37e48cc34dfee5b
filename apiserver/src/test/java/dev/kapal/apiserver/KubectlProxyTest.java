package dev.kapal.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.model.codec.Documents;
import dev.kapal.testkit.Conformance;
import dev.kapal.testkit.KubectlBinary;
import java.io.IOException;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// kubectl as a door to this server.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class KubectlProxyTest {
    private TestServer cluster;

    @BeforeAll
    void start() {
        cluster = TestServer.start();
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @ParameterizedTest
    @MethodSource("dev.kapal.testkit.KubectlBinary#span")
    @Conformance("cli-kubectl-proxy-port-zero")
    void letsInOnAFreePort(KubectlBinary kubectl) throws Exception {
        try (var proxy = new Proxy(kubectl, "--port=0");
                var client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            assertThat(proxy.place).matches("127\\.0\\.0\\.1:[1-9][0-9]*");
            var request = HttpRequest.newBuilder(URI.create("http://" + proxy.place + "/api/"))
                    .build();
            hasVersions(client.send(request, BodyHandlers.ofString()).body());
        }
    }

    @ParameterizedTest
    @MethodSource("dev.kapal.testkit.KubectlBinary#span")
    @Conformance("cli-kubectl-proxy-unix-socket")
    void letsInThroughASocketInTheFileSystem(KubectlBinary kubectl, @TempDir Path directory) throws Exception {
        var socket = directory.resolve("proxy");
        try (var proxy = new Proxy(kubectl, "--unix-socket=" + socket);
                var channel = SocketChannel.open(UnixDomainSocketAddress.of(proxy.place))) {
            assertThat(proxy.place).isEqualTo(socket.toString());
            channel.write(ByteBuffer.wrap(
                    "GET /api/ HTTP/1.0\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            var answer = new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.0 200 OK");
            hasVersions(answer.substring(answer.indexOf("\r\n\r\n") + 4));
        }
    }

    private static void hasVersions(String body) {
        assertThat(Documents.read(body.getBytes(StandardCharsets.UTF_8)).path("versions"))
                .extracting(version -> version.asText())
                .containsExactly("v1");
    }

    /// A running `kubectl proxy` and where it says that it serves.
    private final class Proxy implements AutoCloseable {
        private final Process process;
        private final String place;

        Proxy(KubectlBinary kubectl, String where) throws IOException {
            process = new ProcessBuilder(
                            kubectl.path().toString(),
                            "--kubeconfig",
                            cluster.kubeconfig().toString(),
                            "proxy",
                            where)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            place = process.inputReader().readLine().replaceFirst("^Starting to serve on ", "");
        }

        @Override
        public void close() throws InterruptedException {
            process.destroy();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }
}
