package dev.kapal.http;

import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.base.log.SparseLog;
import dev.kapal.base.time.Time;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/// An HTTP/1.1 and HTTP/2 server, over TLS or in clear text. Any thread.
///
/// Its event loops only move bytes and read heads; each request runs on a virtual thread of its own.
public final class HttpServer implements AutoCloseable {
    private static final Log log = Log.of(HttpServer.class);
    /// How long answers under way may take to finish once the server closes.
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Channel listener;
    private final ChannelGroup connections;
    private final EventLoopGroup loops;
    private final Life life;
    private final InFlight inFlight;
    private final InFlight streams;

    private HttpServer(
            Channel listener,
            ChannelGroup connections,
            EventLoopGroup loops,
            Life life,
            InFlight inFlight,
            InFlight streams) {
        this.listener = listener;
        this.connections = connections;
        this.loops = loops;
        this.life = life;
        this.inFlight = inFlight;
        this.streams = streams;
    }

    /// How a server listens.
    ///
    /// @param name of its threads
    /// @param tls asked at each new connection, so that renewed certificates are seen; empty for clear text
    /// @param maxBodyBytes a longer body makes [Request#body()] throw
    /// @param handshakeFailed run each time a client and this server do not agree on TLS
    public record Config(
            String name,
            InetSocketAddress address,
            Optional<Supplier<SSLContext>> tls,
            int maxBodyBytes,
            Limits limits,
            Runnable handshakeFailed) {
        /// As much as the API server reads of one object.
        public static final int API_BODY_BYTES = 3 * 1024 * 1024;

        public static Config tls(String name, InetSocketAddress address, Supplier<SSLContext> context) {
            return new Config(name, address, Optional.of(context), API_BODY_BYTES, Limits.USUAL, () -> {});
        }

        public static Config clearText(String name, InetSocketAddress address) {
            return new Config(name, address, Optional.empty(), API_BODY_BYTES, Limits.USUAL, () -> {});
        }

        public Config within(Limits limits) {
            return new Config(name, address, tls, maxBodyBytes, limits, handshakeFailed);
        }

        /// Tells `action` each time a client and this server do not agree on TLS; it runs on event loops.
        public Config onFailedHandshake(Runnable action) {
            return new Config(name, address, tls, maxBodyBytes, limits, action);
        }
    }

    /// What a client may take its time for.
    ///
    /// @param handshake from the connection to the end of the TLS handshake
    /// @param request from the first byte of a request (or the handshake) to the end of its head, and from there to
    ///   the end of a body that the handler wants whole
    /// @param idle between requests
    /// @param stalled until it takes the next piece of an answer that is ready for it
    public record Limits(Duration handshake, Duration request, Duration idle, Duration stalled) {
        public static final Limits USUAL = new Limits(
                Duration.ofSeconds(10), Duration.ofSeconds(32), Duration.ofSeconds(90), Duration.ofSeconds(60));
    }

    /// Listens until [#close()].
    ///
    /// @throws BindException when the port is taken
    public static HttpServer start(Config config, Handler handler) throws IOException {
        var life = new Life(config.name());
        var loops = Transport.loops(config.name());
        var connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
        var inFlight = new InFlight();
        var streams = new InFlight();
        var time = Time.system();
        var peers = new SparseLog(HttpServer.class, time);
        var dispatch = new Dispatch(config, handler, life, inFlight, streams, BodyBudget.ofHeap(), peers, time);
        var bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(Transport.serverChannel())
                .option(ChannelOption.SO_BACKLOG, 1024)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ConnectionSetup(dispatch, connections));
        var bound = bootstrap.bind(config.address()).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw bindFailure(config.address(), bound.cause());
        }
        return new HttpServer(bound.channel(), connections, loops, life, inFlight, streams);
    }

    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /// Lets nobody new in, and asks those who are there to come back over another connection.
    public void stopAccepting() {
        inFlight.refuseMore();
        listener.close().awaitUninterruptibly();
    }

    /// Waits for what is under way; answers whether nothing is left of it.
    ///
    /// @param answers how long requests that are not answered yet may take
    /// @param endless how long answers of unknown length may take
    public boolean drain(Duration answers, Duration endless) {
        return inFlight.awaitNone(answers) & streams.awaitNone(endless);
    }

    /// Stops listening, lets short answers finish, breaks off endless ones, and joins all threads.
    @Override
    public void close() {
        listener.close().awaitUninterruptibly();
        if (!inFlight.awaitNone(GRACE)) {
            log.warn("requests are broken off", "count", inFlight.count());
        }
        connections.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
        life.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }

    private static IOException bindFailure(InetSocketAddress address, Throwable cause) {
        var failure = new BindException(
                "cannot listen on " + address.getHostString() + ":" + address.getPort() + ": " + reason(cause));
        failure.initCause(cause);
        return failure;
    }

    private static String reason(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return message.contains("already in use") ? "the port is already in use" : message;
    }
}
