package dev.kapal.http;

import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.SslHandler;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/// Makes the TLS end of each connection from the context that is current then. The JDK's engine is used as it is: what
/// Netty wraps around it is for other engines, and looks for them in every jar at start. Any thread.
final class Tls {
    static final String HTTP_2 = "h2";
    private static final String HTTP_1_1 = "http/1.1";

    private final Supplier<SSLContext> current;

    Tls(Supplier<SSLContext> current) {
        this.current = current;
    }

    /// @param executor runs the expensive parts of the handshake, which would hold up an event loop
    SslHandler handler(Executor executor) {
        return new SslHandler(engine(), executor);
    }

    /// A client that offers protocols, but none of ours, is refused, as upstream does.
    private SSLEngine engine() {
        var engine = current.get().createSSLEngine();
        engine.setUseClientMode(false);
        var parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        var supported = Arrays.asList(engine.getSupportedCipherSuites());
        parameters.setCipherSuites(
                Http2SecurityUtil.CIPHERS.stream().filter(supported::contains).toArray(String[]::new));
        parameters.setApplicationProtocols(new String[] {HTTP_2, HTTP_1_1});
        parameters.setWantClientAuth(true);
        engine.setSSLParameters(parameters);
        return engine;
    }
}
