package dev.kapal.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Closes an HTTP/2 connection on which nothing moves and no stream is open. Runs on the event loop.
final class Http2Idle extends IdleStateHandler {

    Http2Idle(Duration limit) {
        super(0, 0, limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) {
        var codec = context.pipeline().get(Http2FrameCodec.class);
        if (event.state() == IdleState.ALL_IDLE
                && (codec == null || codec.connection().numActiveStreams() == 0)) {
            context.close();
        }
    }

    /// Protocol errors the codec answers, after this, and then closes by itself; what else arrives here is a broken
    /// connection.
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) == null) {
            context.close();
        }
    }
}
