package dev.kapal.http;

import dev.kapal.base.time.Time;
import dev.kapal.pki.CertificateAuthority;
import dev.kapal.pki.Profile;
import dev.kapal.pki.TlsContexts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;

/// A server on a free port of the loopback, over TLS or in clear text, and clients for it.
final class TestServer implements AutoCloseable {
    static final CertificateAuthority AUTHORITY = CertificateAuthority.create("test", Time.system());

    private final HttpServer server;
    private final boolean tls;

    private TestServer(HttpServer server, boolean tls) {
        this.server = server;
        this.tls = tls;
    }

    static TestServer tls(Handler handler) throws IOException {
        return tls(handler, config -> config);
    }

    static TestServer tls(Handler handler, UnaryOperator<HttpServer.Config> change) throws IOException {
        return start(change.apply(HttpServer.Config.tls("test", anyPort(), serverContext())), handler, true);
    }

    static TestServer clearText(Handler handler) throws IOException {
        return clearText(handler, config -> config);
    }

    static TestServer clearText(Handler handler, UnaryOperator<HttpServer.Config> change) throws IOException {
        return start(change.apply(HttpServer.Config.clearText("test", anyPort())), handler, false);
    }

    private static TestServer start(HttpServer.Config config, Handler handler, boolean tls) throws IOException {
        return new TestServer(HttpServer.start(config, handler), tls);
    }

    private static java.util.function.Supplier<SSLContext> serverContext() {
        var identity = AUTHORITY.issue(Profile.server("test", List.of("localhost", "127.0.0.1")));
        var context = TlsContexts.lenientServer(() -> identity, AUTHORITY.roots());
        return () -> context;
    }

    static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    int port() {
        return server.port();
    }

    String url(String path) {
        return (tls ? "https" : "http") + "://127.0.0.1:" + port() + path;
    }

    HttpClient client(HttpClient.Version version) {
        return client(version, Optional.empty());
    }

    HttpClient client(HttpClient.Version version, Optional<dev.kapal.pki.Identity> identity) {
        return HttpClient.newBuilder()
                .version(version)
                .sslContext(TlsContexts.client(identity, AUTHORITY.roots()))
                .build();
    }

    Socket socket() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    @Override
    public void close() {
        server.close();
    }
}
