package dev.kapal.http;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/// An HTTP/1.1 and HTTP/2 server over TLS, each request on a virtual thread. Any thread.
public final class HttpServer implements AutoCloseable {

    /// How a server listens.
    ///
    /// @param name of its threads
    /// @param tls asked at each new connection, so that renewed certificates are seen; empty for clear text
    /// @param streamsBody which requests (their heads) get their body as a stream instead of whole
    public record Config(
            String name,
            InetSocketAddress address,
            Optional<Supplier<SSLContext>> tls,
            int maxBodyBytes,
            Predicate<Request> streamsBody) {}

    /// Listens until [#close()].
    ///
    /// @throws java.net.BindException when the port is taken
    public static HttpServer start(Config config, Handler handler) throws java.io.IOException {
        throw new java.io.IOException("no transport for " + config.name() + " yet");
    }

    public int port() {
        return 0;
    }

    @Override
    public void close() {}
}
