package dev.kapal.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Resets the streams of a connection whose answer is ready, but which the client does not take: with a window of
/// nothing it could have us keep any number of them. One per connection; event loop only.
final class Http2Delivery {
    private static final long MAX_PERIOD_MILLIS = 5_000;

    private final Dispatch dispatch;
    /// Since when the answer of a stream waits, the oldest first.
    private final Map<ChannelHandlerContext, Long> waiting = new LinkedHashMap<>();

    private boolean looking;

    Http2Delivery(Dispatch dispatch) {
        this.dispatch = dispatch;
    }

    /// The end of the answer was written; until it has left, [#done] is not called.
    void begins(ChannelHandlerContext stream) {
        waiting.put(stream, dispatch.time().nanos());
        if (!looking) {
            looking = true;
            lookLater(stream);
        }
    }

    void done(ChannelHandlerContext stream) {
        waiting.remove(stream);
    }

    private void lookLater(ChannelHandlerContext stream) {
        long limit = dispatch.config().limits().stalled().toMillis();
        long period = Math.clamp(limit / 4, 10, MAX_PERIOD_MILLIS);
        // the executor is the connection's, which all its streams share
        stream.executor().schedule(() -> look(), period, TimeUnit.MILLISECONDS);
    }

    private void look() {
        long limit = dispatch.config().limits().stalled().toNanos();
        long now = dispatch.time().nanos();
        while (!waiting.isEmpty()) {
            var oldest = waiting.entrySet().iterator().next();
            if (now - oldest.getValue() <= limit) {
                lookLater(oldest.getKey());
                return;
            }
            waiting.remove(oldest.getKey());
            oldest.getKey().writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
        }
        looking = false;
    }
}
