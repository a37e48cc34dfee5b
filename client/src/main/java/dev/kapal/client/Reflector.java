package dev.kapal.client;

import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// Keeps one cache equal to the server's objects: a list, then a watch from the list's revision, for ever. Runs on one
/// virtual thread of its own from [#start] to [#close].
///
/// A watch that ends is taken up again where it ended; one that the server calls too old (410) starts over with a list.
/// Source: API concepts, "Efficient detection of changes".
public final class Reflector<T> implements AutoCloseable {
    private static final Log log = Log.of(Reflector.class);
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(5));
    /// A watch is asked for this long, and up to twice as long, so that many clients do not come back at once.
    private static final int WATCH_SECONDS = 300;

    /// The server sends at least a bookmark each minute: who hears nothing for so long hears a dead connection.
    private static final Duration SILENCE = Duration.ofSeconds(150);

    private final Api api;
    private final Source<T> source;
    private final Time time;
    private final ObjectCache<T> cache;
    private final Life life;
    /// What is being read now, to be closed from outside.
    private volatile AutoCloseable open = () -> {};
    /// Grows with all that is heard; only the reading thread writes it.
    private volatile long heard;
    private boolean guarded;

    private Reflector(Api api, Source<T> source, Time time) {
        this.api = api;
        this.source = source;
        this.time = time;
        this.cache = new ObjectCache<>(source.path() + source.query(), source.keyOf());
        this.life = new Life("reflector");
    }

    public static <T> Reflector<T> start(Api api, Source<T> source, Time time) {
        var reflector = new Reflector<>(api, source, time);
        reflector.life.start(source.path(), reflector::run);
        reflector.life.own(() -> reflector.open.close());
        return reflector;
    }

    public Cache<T> cache() {
        return cache;
    }

    @Override
    public void close() {
        life.close();
    }

    private void run() throws InterruptedException {
        int failures = 0;
        boolean current = false;
        while (!life.isClosed()) {
            try {
                if (!current) {
                    list();
                    current = true;
                }
                current = watch();
                failures = 0;
            } catch (IOException | RuntimeException failure) {
                if (life.isClosed() || Thread.currentThread().isInterrupted()) {
                    return;
                }
                if (isExpired(failure)) {
                    current = false;
                } else if (failures == 2) {
                    log.warn("watch keeps failing", "path", source.path(), "cause", failure.toString());
                } else {
                    log.debug("watch failed", "path", source.path(), "cause", failure.toString());
                }
                time.sleep(BACKOFF.after(failures++));
            }
        }
    }

    private void list() throws IOException, InterruptedException {
        // The first list may come from the server's cache; after a 410 only the newest state helps.
        String from = cache.isSynced() ? "?" : "?resourceVersion=0";
        String query = (from + source.query()).replace("?&", "?");
        try (var body = api.open(source.path() + (query.equals("?") ? "" : query), source.listAccept())) {
            listenTo(body);
            var listing = Listing.read(body, source.decoder());
            cache.replace(listing.items(), listing.revision());
        }
    }

    /// True when the watch ended in peace and can be taken up again; false when a new list is needed.
    private boolean watch() throws IOException, InterruptedException {
        int seconds = WATCH_SECONDS + ThreadLocalRandom.current().nextInt(WATCH_SECONDS);
        String path = source.path() + "?watch=true&allowWatchBookmarks=true&resourceVersion=" + cache.revision()
                + "&timeoutSeconds=" + seconds + source.query();
        try (var stream = new WatchStream<>(api.open(path, source.watchAccept()), source)) {
            listenTo(stream);
            for (var frame = stream.next(); frame.isPresent(); frame = stream.next()) {
                heard++;
                if (!take(frame.get())) {
                    return false;
                }
            }
        }
        return true;
    }

    private void listenTo(AutoCloseable stream) {
        open = stream;
        heard++;
        if (!guarded) {
            guarded = true;
            life.start("guard", this::guard);
        }
    }

    /// Breaks off what has been silent for too long; the reading thread then starts over.
    private void guard() throws Exception {
        while (true) {
            long before = heard;
            time.sleep(SILENCE);
            if (heard == before) {
                log.info("watch is silent, starting over", "path", source.path());
                open.close();
            }
        }
    }

    private boolean take(WatchStream.Frame<T> frame) throws IOException {
        switch (frame) {
            case WatchStream.Frame.Put<T>(T object) ->
                cache.upsert(object, source.revisionOf().applyAsLong(object));
            case WatchStream.Frame.Gone<T>(T last) ->
                cache.remove(last, source.revisionOf().applyAsLong(last));
            case WatchStream.Frame.Bookmark<T>(long revision) -> cache.progress(revision);
            case WatchStream.Frame.Failed<T>(int code, String message) -> {
                if (code == HttpURLConnection.HTTP_GONE) {
                    return false;
                }
                throw new IOException("the server ended the watch: " + code + " " + message);
            }
        }
        return true;
    }

    private static boolean isExpired(Exception failure) {
        return failure instanceof KubernetesClientException refusal && refusal.getCode() == HttpURLConnection.HTTP_GONE;
    }
}
