package dev.kapal.apiserver.edge;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.base.life.Life;
import dev.kapal.base.time.Time;
import dev.kapal.model.schedule.GoDuration;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// Gives every request that does not last by nature a time to be done in: the server's, or less if the client says so
/// with `?timeout`. One thread looks after all; it interrupts the request's own, which then answers 504. What the
/// request has written by then stays written.
public final class Deadlines implements Filter {
    private static final long NEVER = Long.MAX_VALUE;

    private final Time time;
    private final long limit;
    private final Set<Pending> pending = ConcurrentHashMap.newKeySet();
    private final Thread watchman;
    /// When the watchman looks again, in nanoseconds since `origin`.
    private volatile long next = NEVER;

    private final long origin;

    public Deadlines(Duration limit, Time time, Life life) {
        this.time = time;
        this.limit = limit.toNanos();
        this.origin = time.nanos();
        this.watchman = life.start("deadlines", this::watch);
    }

    private long now() {
        return time.nanos() - origin;
    }

    /// A request under way.
    private static final class Pending {
        private final Thread thread = Thread.currentThread();
        private final long end;
        /// Guarded by this object, like the next: nobody is interrupted who is done.
        private boolean done;

        private boolean late;

        Pending(long end) {
            this.end = end;
        }

        synchronized void expire() {
            if (!done) {
                late = true;
                done = true;
                thread.interrupt();
            }
        }

        /// Answers whether it was too late.
        synchronized boolean finish() {
            done = true;
            return late;
        }
    }

    @Override
    public void apply(Call call, Next next) throws Exception {
        if (LongRunning.is(call.info())) {
            next.handle(call);
            return;
        }
        var request = new Pending(now() + timeout(call.query()));
        pending.add(request);
        if (request.end < this.next) {
            LockSupport.unpark(watchman);
        }
        Exception failure = null;
        try {
            next.handle(call);
        } catch (Exception thrown) {
            failure = thrown;
        } finally {
            pending.remove(request);
        }
        if (request.finish()) {
            Thread.interrupted(); // it was ours
            var exchange = (ObservedExchange) call.exchange();
            exchange.terminate();
            if (exchange.status() == 0) {
                throw ApiException.late();
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private long timeout(RequestInfo.Query query) {
        String asked = query.first("timeout");
        if (asked.isEmpty()) {
            return limit;
        }
        long wanted = GoDuration.parse(asked)
                .orElseThrow(() -> ApiException.badRequest(
                        "invalid timeout specified in the request URL - time: invalid duration \"" + asked + "\""))
                .toNanos();
        return wanted <= 0 ? limit : Math.min(wanted, limit);
    }

    private void watch() throws InterruptedException {
        while (!Thread.currentThread().isInterrupted()) {
            next = NEVER; // before looking: who comes while we look and may be missed wakes us
            long now = now();
            long first = NEVER;
            for (var request : pending) {
                if (request.end <= now) {
                    request.expire();
                } else {
                    first = Math.min(first, request.end);
                }
            }
            next = first;
            if (first == NEVER) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, first - now);
            }
        }
    }
}
