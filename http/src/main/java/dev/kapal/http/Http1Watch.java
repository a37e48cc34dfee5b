package dev.kapal.http;

import dev.kapal.base.time.Time;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Ends an HTTP/1 connection whose client takes too long to send a request, to send none, or to take its answer. Looks
/// now and then instead of setting a timer per request. Event loop only.
final class Http1Watch {
    private static final long MAX_PERIOD_MILLIS = 5_000;

    private enum Waiting {
        FOR_A_REQUEST,
        FOR_ITS_REST,
        FOR_US
    }

    private final HttpServer.Limits limits;
    private final Time time;
    private final Consumer<ChannelHandlerContext> restIsLate;
    private Waiting waiting = Waiting.FOR_ITS_REST;
    private long since;
    private long unsent;
    private long unsentSince;
    private ScheduledFuture<?> timer;

    /// @param restIsLate what to do with a client that does not send the rest of its request
    Http1Watch(HttpServer.Limits limits, Time time, Consumer<ChannelHandlerContext> restIsLate) {
        this.limits = limits;
        this.time = time;
        this.restIsLate = restIsLate;
    }

    void start(ChannelHandlerContext context) {
        since = time.nanos();
        long shortest = Math.min(limits.request().toMillis(), limits.idle().toMillis());
        long period = Math.clamp(shortest / 4, 10, MAX_PERIOD_MILLIS);
        timer = context.executor().scheduleAtFixedRate(() -> look(context), period, period, TimeUnit.MILLISECONDS);
    }

    void stop() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    void requestBegins() {
        waiting = Waiting.FOR_ITS_REST;
        since = time.nanos();
    }

    void requestIsWhole() {
        waiting = Waiting.FOR_US;
    }

    void requestIsAnswered() {
        waiting = Waiting.FOR_A_REQUEST;
        since = time.nanos();
    }

    private void look(ChannelHandlerContext context) {
        if (isStalled(context) || waiting == Waiting.FOR_A_REQUEST && isOver(since, limits.idle())) {
            context.close();
        } else if (waiting == Waiting.FOR_ITS_REST && isOver(since, limits.request())) {
            restIsLate.accept(context);
        }
    }

    /// Whether the same bytes have waited for the client since long ago.
    private boolean isStalled(ChannelHandlerContext context) {
        var buffer = context.channel().unsafe().outboundBuffer();
        long now = buffer == null ? 0 : buffer.totalPendingWriteBytes();
        if (now == 0 || now != unsent) {
            unsent = now;
            unsentSince = time.nanos();
            return false;
        }
        return isOver(unsentSince, limits.stalled());
    }

    private boolean isOver(long start, Duration limit) {
        return time.nanos() - start > limit.toNanos();
    }
}
