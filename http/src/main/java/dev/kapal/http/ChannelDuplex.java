package dev.kapal.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A channel after an upgrade. See [Duplex] for its threads.
final class ChannelDuplex implements Duplex {
    /// A peer that takes nothing any more must not keep a closed connection alive.
    private static final int CLOSE_LIMIT_SECONDS = 2;

    private final Channel channel;
    private final ChannelInput input;
    private final Outflow outflow = new Outflow();
    private volatile boolean closed;

    ChannelDuplex(Channel channel, ChannelInput input) {
        this.channel = channel;
        this.input = input;
        channel.closeFuture().addListener(done -> outflow.peerGone());
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return new Output();
    }

    @Override
    public void patience(Duration limit) {
        outflow.patience(limit);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        outflow.peerGone();
        input.close();
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        channel.eventLoop().schedule(() -> channel.close(), CLOSE_LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    private final class Output extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            outflow.take(length);
            var copy = channel.alloc().heapBuffer(length).writeBytes(bytes, offset, length);
            channel.writeAndFlush(copy).addListener(done -> outflow.giveBack(length));
        }

        @Override
        public void close() {
            ChannelDuplex.this.close();
        }
    }
}
