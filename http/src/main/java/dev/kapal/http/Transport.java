package dev.kapal.http;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/// The kernel's way of moving bytes: epoll where it is there, else the JDK's selector. Stateless.
final class Transport {
    /// Loops only move bytes, so two are enough for many cores; the handlers have virtual threads.
    private static final int LOOPS = Math.clamp(Runtime.getRuntime().availableProcessors() / 2 + 1, 1, 4);

    private Transport() {}

    static EventLoopGroup loops(String name) {
        IoHandlerFactory factory = Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        var number = new AtomicInteger();
        // The one place outside of Life that makes threads: they end with the group, which the server closes.
        ThreadFactory threads = task -> Thread.ofPlatform()
                .daemon(true)
                .name(name + "/loop-" + number.getAndIncrement())
                .unstarted(task);
        return new MultiThreadIoEventLoopGroup(LOOPS, threads, factory);
    }

    static Class<? extends ServerSocketChannel> serverChannel() {
        return Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }
}
