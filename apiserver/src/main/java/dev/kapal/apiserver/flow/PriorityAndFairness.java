package dev.kapal.apiserver.flow;

import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.OwnObjects;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.cache.WatchCaches;
import dev.kapal.apiserver.edge.Filter;
import dev.kapal.apiserver.edge.LongRunning;
import dev.kapal.apiserver.edge.ObservedExchange;
import dev.kapal.apiserver.flow.FairQueues.State;
import dev.kapal.apiserver.flow.FairQueues.Ticket;
import dev.kapal.base.life.Life;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.http.Handler;
import dev.kapal.http.Headers;
import dev.kapal.http.Response;
import dev.kapal.model.ResourceRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/// Lets a request in when its priority level has seats for it, and makes it wait its turn otherwise. Requests wait on
/// their own threads. What lasts by nature is not counted, save the beginning of a watch.
public final class PriorityAndFairness implements Filter {
    private static final int OBJECTS_PER_SEAT = 100;
    private static final int MOST_SEATS = 10;
    /// One request takes at most this part of its level.
    private static final double WIDEST = 0.15;

    private final FlowConfig config;
    private final WatchCaches caches;
    private final ResourceRegistry registry;
    private final FlowMetrics metrics;
    private final Time time;
    private final long patience;

    /// @param seats of the whole server
    /// @param requestTimeout of which a request waits at most a quarter
    public PriorityAndFairness(
            WatchCaches caches,
            ResourceRegistry registry,
            int seats,
            Duration requestTimeout,
            Metrics metrics,
            Time time) {
        this.config = new FlowConfig(caches, seats, time);
        this.caches = caches;
        this.registry = registry;
        this.metrics = new FlowMetrics(metrics);
        this.time = time;
        this.patience = requestTimeout.dividedBy(4).toNanos();
    }

    /// Begins to keep the objects of every cluster and to lend seats, until `life` ends. The server must be able to
    /// answer `handler`.
    ///
    /// @param pause between what a server needs to be ready and what nobody waits for
    public FlowKeeper keep(OwnObjects objects, Handler handler, Duration pause, Life life) {
        var keeper = life.own(new FlowKeeper(config, metrics, objects, handler, pause, time));
        life.start("flow-keeper", keeper::run);
        return keeper;
    }

    @Override
    public void apply(Call call, Next next) throws Exception {
        var info = call.info();
        boolean watch = info.verb().equals("watch") && info.isResource();
        if (LongRunning.is(info) && !watch) {
            next.handle(call);
            return;
        }
        if (watch) {
            admit(call, true, next);
            return;
        }
        var underWay = metrics.underWay(info.verb());
        underWay.increment();
        try {
            admit(call, false, next);
        } finally {
            underWay.decrement();
        }
    }

    private void admit(Call call, boolean watch, Next next) throws Exception {
        var info = call.info();
        var route = config.route(call.user(), info);
        var schema = route.schema();
        var level = route.lane().level();
        ((ObservedExchange) call.exchange()).flow(schema.uid(), level.uid());
        if (level.exempt()) {
            metrics.dispatched.increment(level.name(), schema.name());
            if (watch) {
                next.handle(call); // who is exempt holds no seats, so nobody says when its beginning is over
                return;
            }
            metrics.executing(1, 1, level.name(), schema.name());
            try {
                next.handle(call);
            } finally {
                metrics.executing(-1, 1, level.name(), schema.name());
            }
            return;
        }
        int seats = seats(call, watch, route.lane().bounds().nominal());
        metrics.estimated.observe(seats, level.name(), schema.name());
        var queues = route.lane().queues();
        long came = time.nanos();
        var ticket = queues.arrive(schema.flow(call.user(), info), seats);
        if (ticket.state() == State.WAITING) {
            metrics.waiting(1, seats, level.name(), schema.name());
            try {
                await(call, queues, ticket, came);
            } finally {
                metrics.waiting(-1, seats, level.name(), schema.name());
            }
            ((ObservedExchange) call.exchange()).waited(time.nanos() - came);
        }
        long begun = time.nanos();
        boolean executes = ticket.state() == State.EXECUTING;
        metrics.waited.observe((begun - came) / 1e9, level.name(), schema.name(), Boolean.toString(executes));
        if (!executes) {
            String reason = ticket.state() == State.ENDED
                    ? "time-out"
                    : level.queuing().isEmpty() ? "concurrency-limit" : "queue-full";
            metrics.rejected.increment(level.name(), schema.name(), reason);
            refuse(call);
            return;
        }
        metrics.dispatched.increment(level.name(), schema.name());
        metrics.executing(1, seats, level.name(), schema.name());
        var held = new Held(queues, ticket, () -> {
            metrics.executing(-1, seats, level.name(), schema.name());
            metrics.executed.observe(
                    (time.nanos() - begun) / 1e9, level.name(), schema.name(), watch ? "watch" : "regular");
        });
        try {
            if (watch) {
                ScopedValue.where(Seats.HELD, held).call(() -> {
                    next.handle(call);
                    return null;
                });
            } else {
                next.handle(call);
            }
        } finally {
            held.run();
        }
    }

    /// Seats that are given back once.
    private record Held(FairQueues queues, Ticket ticket, Runnable told, AtomicBoolean done) implements Runnable {
        Held(FairQueues queues, Ticket ticket, Runnable told) {
            this(queues, ticket, told, new AtomicBoolean());
        }

        @Override
        public void run() {
            if (done.compareAndSet(false, true)) {
                queues.finish(ticket);
                told.run();
            }
        }
    }

    /// Returns when the ticket waits no longer.
    private void await(Call call, FairQueues queues, Ticket ticket, long came) throws InterruptedException {
        var gone = new AtomicBoolean();
        var thread = Thread.currentThread();
        call.exchange().onDisconnect(() -> {
            gone.set(true);
            LockSupport.unpark(thread);
        });
        while (ticket.state() == State.WAITING) {
            if (thread.isInterrupted()) {
                queues.abandon(ticket);
                queues.finish(ticket); // its turn may have come in between
                throw new InterruptedException("the request is given up");
            }
            long left = came + patience - time.nanos();
            if (left <= 0 || gone.get()) {
                queues.abandon(ticket);
                return;
            }
            LockSupport.parkNanos(ticket, left);
        }
    }

    /// How much of a level the request takes: one seat, or one for each hundred objects that it lists.
    private int seats(Call call, boolean watch, int nominal) {
        var info = call.info();
        boolean lists = info.verb().equals("list") || watch && call.query().isTrue("sendInitialEvents");
        if (!info.isResource() || !lists || !info.name().isEmpty()) {
            return 1;
        }
        if (registry.find(info.groupVersionResource()).isEmpty()) {
            return 1;
        }
        int objects = caches.cache((info.group().isEmpty() ? "core" : info.group()) + "/" + info.resource())
                .snapshot()
                .objects()
                .size();
        int most = Math.clamp((int) Math.ceil(nominal * WIDEST), 1, MOST_SEATS);
        return Math.clamp(Math.ceilDiv(Math.min(objects, limit(call.query())), OBJECTS_PER_SEAT), 1, most);
    }

    private static int limit(RequestInfo.Query query) {
        String text = query.first("limit");
        try {
            int limit = text.isEmpty() ? 0 : Integer.parseInt(text);
            return limit > 0 ? limit : Integer.MAX_VALUE;
        } catch (NumberFormatException refusedLater) {
            return Integer.MAX_VALUE;
        }
    }

    private static void refuse(Call call) throws IOException {
        var headers = Headers.of(
                "Content-Type", "text/plain; charset=utf-8", "X-Content-Type-Options", "nosniff", "Retry-After", "1");
        ((ObservedExchange) call.exchange()).terminate();
        byte[] text = "Too many requests, please try again later.\n".getBytes(StandardCharsets.US_ASCII);
        call.exchange().respond(new Response(429, headers, List.of(text)));
    }
}
