package dev.kapal.agent.cri;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/// A gRPC connection over a unix socket and the one thread that serves it. Any thread.
///
/// The JDK's own unix sockets do: CRI is a few small messages per second, and nothing native has to be loaded.
record CriChannel(ManagedChannel channel, EventLoopGroup loop) implements AutoCloseable {
    /// A list of a few hundred containers with long annotations is well below this; upstream's bound.
    private static final int LARGEST_MESSAGE = 16 << 20;

    private static final int CLOSE_SECONDS = 5;

    /// Held, so that its level stays: gRPC sets TCP's keep-alive on every channel and Netty warns that a unix socket
    /// has
    /// none, once per connection.
    private static final Logger NETTY = Logger.getLogger("io.netty.bootstrap.Bootstrap");

    static {
        NETTY.setLevel(Level.SEVERE);
    }

    static CriChannel to(Path socket) {
        var loop = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("cri", true), NioIoHandler.newFactory());
        var channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .eventLoopGroup(loop)
                .channelType(NioDomainSocketChannel.class)
                // The socket's path is no valid HTTP authority, and Go's server checks.
                .overrideAuthority("localhost")
                .usePlaintext()
                .directExecutor()
                .maxInboundMessageSize(LARGEST_MESSAGE)
                .build();
        return new CriChannel(channel, loop);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        loop.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
}
