package dev.kapal.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;

/// Sets up each new connection: TLS, then the protocol that both sides agreed on. Runs on event loops.
final class ConnectionSetup extends ChannelInitializer<Channel> {
    /// Of the request line, where selectors can be long, and again of all fields together.
    private static final int MAX_HEAD = 256 * 1024;

    private static final int MAX_STREAMS = 250;
    private static final int WINDOW = 1 << 18;
    /// Clients cancel watches by resetting streams, so some resets are normal; a flood of them is not.
    private static final int MAX_RESETS = 2000;

    private static final int RESET_WINDOW_SECONDS = 30;

    private final Dispatch dispatch;
    private final ChannelGroup connections;
    private final Tls tls;

    ConnectionSetup(Dispatch dispatch, ChannelGroup connections) {
        this.dispatch = dispatch;
        this.connections = connections;
        this.tls = dispatch.config().tls().map(Tls::new).orElse(null);
    }

    @Override
    protected void initChannel(Channel channel) {
        connections.add(channel);
        if (tls == null) {
            http1(channel.pipeline(), new Peer.Tls(List.of(), address(channel)));
            return;
        }
        var handler = tls.handler(task -> dispatch.life().spawn("handshake", task::run));
        handler.setHandshakeTimeout(dispatch.config().limits().handshake().toMillis(), TimeUnit.MILLISECONDS);
        handler.setCloseNotifyFlushTimeout(1, TimeUnit.SECONDS);
        channel.pipeline().addLast(handler, new Negotiated(handler));
    }

    private void http1(ChannelPipeline pipeline, Peer peer) {
        var config = new HttpDecoderConfig()
                .setMaxInitialLineLength(MAX_HEAD)
                .setMaxHeaderSize(MAX_HEAD)
                .setMaxChunkSize(64 * 1024);
        var decoder = new HttpRequestDecoder(config);
        pipeline.addLast(decoder, new Http1Connection(dispatch, peer, decoder));
    }

    private void http2(ChannelPipeline pipeline, Peer peer) {
        var settings = Http2Settings.defaultSettings()
                .maxConcurrentStreams(MAX_STREAMS)
                .initialWindowSize(WINDOW)
                .maxHeaderListSize(MAX_HEAD);
        var codec = Http2FrameCodecBuilder.forServer()
                .initialSettings(settings)
                .decoderEnforceMaxRstFramesPerWindow(MAX_RESETS, RESET_WINDOW_SECONDS)
                .gracefulShutdownTimeoutMillis(500)
                .build();
        var delivery = new Http2Delivery(dispatch);
        pipeline.addLast(codec, new Http2MultiplexHandler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel stream) {
                stream.pipeline().addLast(new Http2Stream(dispatch, peer, delivery));
            }
        }));
        pipeline.addLast(new Http2Idle(dispatch.config().limits().idle()));
    }

    private static InetSocketAddress address(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress address
                ? address
                : InetSocketAddress.createUnresolved("unknown", 0);
    }

    /// Goes on when the handshake is done; a client that never ends it is let go by its time limit.
    private final class Negotiated extends ChannelInboundHandlerAdapter {
        private final SslHandler handler;

        Negotiated(SslHandler handler) {
            this.handler = handler;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof SslHandshakeCompletionEvent handshake) {
                if (handshake.isSuccess()) {
                    goOn(context.pipeline());
                } else {
                    // Port scans and clients that do not know our authority, mostly: not worth a line each.
                    dispatch.config().handshakeFailed().run();
                    String why = String.valueOf(handshake.cause().getMessage());
                    dispatch.peers().info("a TLS handshake failed", "peer", address(context.channel()), "why", why);
                    context.close();
                }
            }
            context.fireUserEventTriggered(event);
        }

        private void goOn(ChannelPipeline pipeline) {
            pipeline.remove(this);
            var peer = new Peer.Tls(chain(), address(pipeline.channel()));
            if (handler.engine().getApplicationProtocol().equals(Tls.HTTP_2)) {
                http2(pipeline, peer);
            } else {
                http1(pipeline, peer);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }

        private List<X509Certificate> chain() {
            try {
                var chain = new ArrayList<X509Certificate>();
                for (var certificate : handler.engine().getSession().getPeerCertificates()) {
                    chain.add((X509Certificate) certificate);
                }
                return chain;
            } catch (SSLPeerUnverifiedException anonymous) {
                return List.of();
            }
        }
    }
}
