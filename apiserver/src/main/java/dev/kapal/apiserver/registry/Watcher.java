package dev.kapal.apiserver.registry;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.cache.CacheEvent;
import dev.kapal.apiserver.cache.CacheEvent.Type;
import dev.kapal.apiserver.cache.CachedObject;
import dev.kapal.apiserver.cache.Cursor;
import dev.kapal.apiserver.cache.WatchCache;
import dev.kapal.apiserver.cache.WatchCaches;
import dev.kapal.apiserver.flow.Seats;
import dev.kapal.base.life.Life;
import dev.kapal.base.time.Time;
import dev.kapal.http.Body;
import dev.kapal.http.Headers;
import dev.kapal.http.websocket.WebSocket;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/// Serves the watches of one resource. A watch keeps the thread of its request until the client goes, its time is
/// over,
/// or it falls behind; while its client reads slowly it blocks alone.
final class Watcher implements AutoCloseable {
    /// Nobody waits longer for anything.
    private static final Duration LONGEST = Duration.ofDays(365);

    /// A client that takes nothing for so long is cut off: its place in the past must not be kept for ever.
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final Duration BOOKMARK_INTERVAL = Duration.ofMinutes(1);
    /// How long before its end a watch sends a last bookmark.
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final WatchCaches caches;
    private final WatchCache cache;
    private final EventForms forms;
    private final Duration shortest;
    private final Time time;
    private final RandomGenerator random;
    private final Set<Cursor> open = ConcurrentHashMap.newKeySet();
    /// Who listens whether the clients of WebSockets go.
    private final Life sockets = new Life("watch-sockets");

    private final WatchMetrics metrics;
    private volatile boolean closed;

    Watcher(
            WatchCaches caches,
            WatchCache cache,
            EventForms forms,
            WatchMetrics metrics,
            Duration shortest,
            Time time,
            RandomGenerator random) {
        this.metrics = metrics;
        this.shortest = shortest;
        this.caches = caches;
        this.cache = cache;
        this.forms = forms;
        this.time = time;
        this.random = random;
    }

    /// @param namespace empty for all
    void watch(Call call, String namespace, ListOptions options, Warnings warnings)
            throws IOException, InterruptedException {
        long end = time.nanos() + timeout(options);
        var form = forms.of(call);
        var cursor = cursor(options);
        var headers =
                warnings.writeTo(Headers.of("Content-Type", form.contentType(), "Cache-Control", "no-cache, private"));
        try (var body = open(call, headers, form)) {
            body.patience(PATIENCE);
            if (cursor.isEmpty()) {
                long asked = options.revision().orElseThrow();
                body.write(form.error(
                        ApiException.expired("too old resource version: " + asked + " (" + cache.oldest() + ")")
                                .status()));
                return;
            }
            if (body instanceof WatchSocket socket && !listens(socket, cursor.get())) {
                return;
            }
            serve(call, new Watch(cursor.get(), body, form, namespace, options, end));
        }
    }

    /// Answers false when the server ends.
    private boolean listens(WatchSocket socket, Cursor cursor) {
        try {
            sockets.spawn("listen", () -> {
                socket.awaitClose();
                cursor.stop();
            });
            return true;
        } catch (IllegalStateException ending) {
            return false;
        }
    }

    private static Body open(Call call, Headers headers, EventForms.Form form) throws IOException {
        return WebSocket.isAskedFor(call.request())
                ? WatchSocket.accept(call.exchange(), form.contentType())
                : call.exchange().stream(200, headers);
    }

    private void serve(Call call, Watch watch) throws IOException {
        var cursor = watch.cursor;
        open.add(cursor);
        try (cursor) {
            if (closed) {
                return;
            }
            call.exchange().onDisconnect(cursor::stop);
            watch.run();
        } catch (Cursor.FellBehindException tooSlow) {
            return; // the client sees the end and goes on from the last version it got
        } catch (ApiException unconvertible) {
            watch.body.write(watch.form.error(unconvertible.status()));
        } finally {
            open.remove(cursor);
        }
    }

    /// Where the watch starts; empty when that is forgotten.
    private Optional<Cursor> cursor(ListOptions options) throws InterruptedException {
        long revision = options.revision().orElse(0L);
        boolean initial = options.sendInitialEvents().orElse(revision == 0);
        if (!initial && revision > 0) {
            return cache.follow(revision);
        }
        if (options.revision().isEmpty()) {
            caches.awaitNewest();
        } else if (!caches.awaitFresh(revision)) {
            throw ApiException.tooLargeResourceVersion(revision, caches.reached());
        }
        return Optional.of(cache.follow());
    }

    private long timeout(ListOptions options) {
        if (options.timeoutSeconds() > 0) {
            return Duration.ofSeconds(Math.min(options.timeoutSeconds(), LONGEST.toSeconds()))
                    .toNanos();
        }
        return shortest.isZero() ? LONGEST.toNanos() : (long) (shortest.toNanos() * (1 + random.nextDouble()));
    }

    /// Lets nobody watch any more.
    ///
    /// @return the watches that are open
    Set<Cursor> refuse() {
        closed = true;
        return Set.copyOf(open);
    }

    /// Ends all watches.
    @Override
    public void close() {
        refuse().forEach(Cursor::stop);
        sockets.close();
    }

    /// One watch under way.
    private final class Watch {
        private final Cursor cursor;
        private final Body body;
        private final EventForms.Form form;
        private final String namespace;
        private final ListOptions options;
        private final boolean all;
        private final long end;

        Watch(Cursor cursor, Body body, EventForms.Form form, String namespace, ListOptions options, long end) {
            this.cursor = cursor;
            this.body = body;
            this.form = form;
            this.namespace = namespace;
            this.options = options;
            this.all = options.selectsEverything();
            this.end = end;
        }

        void run() throws IOException {
            if (options.sendInitialEvents().orElse(options.revision().orElse(0L) == 0)) {
                sendInitial();
            }
            body.flush();
            Seats.giveBack();
            long bookmark = nextBookmark();
            // Waiting does not throw: an interrupt, which means stop, shows only in the flag.
            while (!cursor.isStopped() && !Thread.currentThread().isInterrupted()) {
                long reached = cursor.reached();
                drain();
                long now = time.nanos();
                if (now >= end) {
                    return;
                }
                if (options.allowBookmarks() && now >= bookmark) {
                    body.write(form.bookmark(reached, false));
                    body.flush();
                    bookmark = nextBookmark();
                }
                cursor.await(Math.min(bookmark, end) - now);
            }
        }

        private long nextBookmark() {
            if (!options.allowBookmarks()) {
                return end;
            }
            long now = time.nanos();
            long farewell = end - FAREWELL.toNanos();
            long next = now + BOOKMARK_INTERVAL.toNanos();
            return now < farewell ? Math.min(next, farewell) : end;
        }

        private void sendInitial() throws IOException {
            var from = namespace.isEmpty() ? "" : namespace + "/";
            var to = namespace.isEmpty() ? "" : namespace + "0";
            IOException[] failed = {null};
            cursor.initial().visit(from, to, object -> {
                try {
                    if (selects(object)) {
                        send(form.frame(Type.ADDED, object));
                    }
                    return true;
                } catch (IOException gone) {
                    failed[0] = gone;
                    return false;
                }
            });
            if (failed[0] != null) {
                throw failed[0];
            }
            if (options.sendInitialEvents().orElse(false) && options.allowBookmarks()) {
                body.write(form.bookmark(cursor.start(), true));
            }
        }

        private void send(byte[] frame) throws IOException {
            body.write(frame);
            metrics.sent(frame.length);
        }

        private void drain() throws IOException {
            boolean wrote = false;
            for (var event = cursor.poll(); event.isPresent(); event = cursor.poll()) {
                var seen = seen(event.get());
                if (seen.isPresent()) {
                    send(form.frame(seen.get(), event.get()));
                    wrote = true;
                }
            }
            if (wrote) {
                body.flush();
            }
        }

        /// What the event means for this watch's selection.
        private Optional<Type> seen(CacheEvent event) {
            if (all && namespace.isEmpty()) {
                return Optional.of(event.type());
            }
            boolean before = event.previous().filter(this::selects).isPresent();
            boolean after = event.type() != Type.DELETED && selects(event.object());
            if (before) {
                return Optional.of(after ? Type.MODIFIED : Type.DELETED);
            }
            return after ? Optional.of(Type.ADDED) : Optional.empty();
        }

        private boolean selects(CachedObject object) {
            return object.isIn(namespace) && (all || options.selects(object));
        }
    }
}
