package dev.kapal.http;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/// Makes the TLS end of each connection from the context that is current then. Any thread.
final class Tls {
    private static final ApplicationProtocolConfig ALPN = new ApplicationProtocolConfig(
            Protocol.ALPN,
            SelectorFailureBehavior.NO_ADVERTISE,
            SelectedListenerFailureBehavior.ACCEPT,
            ApplicationProtocolNames.HTTP_2,
            ApplicationProtocolNames.HTTP_1_1);

    private final Supplier<SSLContext> current;
    private volatile Wrapped latest;

    private record Wrapped(SSLContext context, SslContext netty) {}

    Tls(Supplier<SSLContext> current) {
        this.current = current;
    }

    /// @param executor runs the expensive parts of the handshake, which would hold up an event loop
    SslHandler handler(ByteBufAllocator allocator, Executor executor) {
        var context = current.get();
        var wrapped = latest;
        if (wrapped == null || wrapped.context() != context) {
            wrapped = new Wrapped(context, wrap(context));
            latest = wrapped;
        }
        return wrapped.netty().newHandler(allocator, executor);
    }

    private static SslContext wrap(SSLContext context) {
        return new JdkSslContext(
                context,
                false,
                Http2SecurityUtil.CIPHERS,
                SupportedCipherSuiteFilter.INSTANCE,
                ALPN,
                ClientAuth.OPTIONAL,
                new String[] {"TLSv1.3", "TLSv1.2"},
                false);
    }
}
