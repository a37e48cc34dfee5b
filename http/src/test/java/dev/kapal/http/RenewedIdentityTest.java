package dev.kapal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.base.time.Time;
import dev.kapal.pki.ClusterPki;
import dev.kapal.pki.Profile;
import dev.kapal.pki.TlsContexts;
import dev.kapal.testkit.FakeTime;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server whose certificate ends while it runs.
class RenewedIdentityTest {
    private static final Profile TEN_DAYS = new Profile(
            "test",
            List.of(),
            List.of("localhost", "127.0.0.1"),
            true,
            false,
            Profile.KeyKind.CURVE,
            Duration.ofDays(10));

    @TempDir
    Path dir;

    /// The server's clock. Clients go by the machine's.
    private final FakeTime time = new FakeTime();

    @Test
    void showsANewCertificateWithoutARestart() throws Exception {
        var now = Time.system().instant();
        time.jumpTo(now.minus(Duration.ofDays(11)));
        var pki = ClusterPki.open(dir, time);
        var identity = pki.keep("server", TEN_DAYS);
        var context = TlsContexts.lenientServer(identity, pki.roots());
        var config = HttpServer.Config.tls("test", TestServer.anyPort(), () -> context);
        try (var server = HttpServer.start(config, exchange -> exchange.respond(Response.empty(204)))) {
            assertThatThrownBy(() -> shown(server, pki)).isInstanceOf(SSLHandshakeException.class);
            time.jumpTo(now);
            assertThat(shown(server, pki).getNotAfter().toInstant()).isAfter(now.plus(Duration.ofDays(9)));
        }
    }

    @Test
    void showsACertificateThatWasRotatedOnDisk() throws Exception {
        time.jumpTo(Time.system().instant());
        var pki = ClusterPki.open(dir, time);
        var context = TlsContexts.lenientServer(pki.keep("server", TEN_DAYS), pki.roots());
        var config = HttpServer.Config.tls("test", TestServer.anyPort(), () -> context);
        try (var server = HttpServer.start(config, exchange -> exchange.respond(Response.empty(204)))) {
            var before = shown(server, pki);
            assertThat(shown(server, pki)).isEqualTo(before);
            ClusterPki.open(dir, time).rotate();
            assertThat(shown(server, pki)).isNotEqualTo(before);
        }
    }

    private static X509Certificate shown(HttpServer server, ClusterPki pki) throws IOException, InterruptedException {
        try (var client = HttpClient.newBuilder()
                .sslContext(TlsContexts.client(Optional.empty(), pki.roots()))
                .build()) {
            var request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.port() + "/"))
                    .build();
            var session = client.send(request, BodyHandlers.discarding()).sslSession();
            return (X509Certificate) session.orElseThrow().getPeerCertificates()[0];
        }
    }
}
