package dev.kapal.http;

import dev.kapal.base.time.Time;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Ends an HTTP/1 connection whose client takes too long to send a request, to send none, or to take its answer. Looks
/// now and then instead of setting a timer per request. Event loop only.
final class Http1Watch {
    private static final long MAX_PERIOD_MILLIS = 5_000;

    private enum Waiting {
        FOR_A_REQUEST,
        FOR_ITS_HEAD,
        FOR_US
    }

    private final HttpServer.Limits limits;
    private final Time time;
    private Waiting waiting = Waiting.FOR_ITS_HEAD;
    private long since;
    private ScheduledFuture<?> timer;

    Http1Watch(HttpServer.Limits limits, Time time) {
        this.limits = limits;
        this.time = time;
    }

    void start(ChannelHandlerContext context) {
        since = time.nanos();
        long shortest = Math.min(
                limits.stalled().toMillis(),
                Math.min(limits.request().toMillis(), limits.idle().toMillis()));
        long period = Math.clamp(shortest / 4, 10, MAX_PERIOD_MILLIS);
        timer = context.executor().scheduleAtFixedRate(() -> look(context), period, period, TimeUnit.MILLISECONDS);
    }

    void stop() {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    /// The head is there, but for a while the rest is waited for before the handler runs.
    void requestBegins() {
        waiting = Waiting.FOR_ITS_HEAD;
        since = time.nanos();
    }

    /// The handler runs, and sees to it by itself that nobody keeps it waiting.
    void handlerRuns() {
        waiting = Waiting.FOR_US;
    }

    void requestIsAnswered() {
        waiting = Waiting.FOR_A_REQUEST;
        since = time.nanos();
    }

    private void look(ChannelHandlerContext context) {
        boolean over = switch (waiting) {
            case FOR_ITS_HEAD -> isOver(since, limits.request());
            case FOR_A_REQUEST -> isOver(since, hasTakenAll(context) ? limits.idle() : limits.stalled());
            case FOR_US -> false;
        };
        if (over) {
            context.close();
        }
    }

    private static boolean hasTakenAll(ChannelHandlerContext context) {
        var buffer = context.channel().unsafe().outboundBuffer();
        return buffer == null || buffer.totalPendingWriteBytes() == 0;
    }

    private boolean isOver(long start, Duration limit) {
        return time.nanos() - start > limit.toNanos();
    }
}
