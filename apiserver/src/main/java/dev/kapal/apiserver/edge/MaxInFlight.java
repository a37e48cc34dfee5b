package dev.kapal.apiserver.edge;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.User;
import dev.kapal.base.metric.Metrics;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/// Bounds how many requests are worked on at once, so that a flood is told to come again instead of taking the server
/// down. Requests that last long by nature are not counted, nor are those of administrators: they must get in to
/// help.
public final class MaxInFlight implements Filter {
    private static final Set<String> READING = Set.of("get", "list", "watch", "head", "options");

    private final AtomicInteger reading = new AtomicInteger();
    private final AtomicInteger writing = new AtomicInteger();

    private final int maxReading;
    private final int maxWriting;

    /// Zero is no limit.
    public MaxInFlight(int maxReading, int maxWriting, Metrics metrics) {
        this.maxReading = maxReading;
        this.maxWriting = maxWriting;
        var gauge = metrics.gauge(
                "apiserver_current_inflight_requests",
                "Maximal number of currently used inflight request limit of this apiserver per request kind in last second.",
                "request_kind");
        gauge.read(reading::get, "readOnly");
        gauge.read(writing::get, "mutating");
    }

    @Override
    public void apply(Call call, Next next) throws Exception {
        if (LongRunning.is(call.info())) {
            next.handle(call);
            return;
        }
        boolean reads = READING.contains(call.info().verb());
        var count = reads ? reading : writing;
        int most = reads ? maxReading : maxWriting;
        try {
            boolean full = count.incrementAndGet() > most && most > 0;
            if (full && !call.user().isIn(User.MASTERS)) {
                throw ApiException.tooManyRequests();
            }
            next.handle(call);
        } finally {
            count.decrementAndGet();
        }
    }
}
