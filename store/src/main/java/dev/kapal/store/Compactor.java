package dev.kapal.store;

import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import java.time.Duration;

/// Forgets the store's past once it is old enough: every interval it compacts to the revision of one interval ago, so
/// each revision stays readable for at least that long. Runs on a thread of the given life.
public final class Compactor {
    /// Upstream's own: what clients may rely on when they continue a list or resume a watch.
    public static final Duration INTERVAL = Duration.ofMinutes(5);

    private static final Log log = Log.of(Compactor.class);

    private final Store store;
    private final Time time;
    private final Duration interval;

    private Compactor(Store store, Time time, Duration interval) {
        this.store = store;
        this.time = time;
        this.interval = interval;
    }

    public static void start(Store store, Time time, Duration interval, Life life) {
        life.start("compactor", new Compactor(store, time, interval)::run);
    }

    private void run() throws InterruptedException {
        long old = store.revision();
        while (true) {
            time.sleep(interval);
            long now = store.revision();
            compact(old);
            old = now;
        }
    }

    /// A failure waits for the next time: the past only takes room.
    private void compact(long revision) throws InterruptedException {
        try {
            store.compact(revision);
            log.debug("store compacted", "revision", revision);
        } catch (StoreClosedException ending) {
            throw ending;
        } catch (StoreException e) {
            log.warn("store not compacted", "revision", revision, "error", e.getMessage());
        }
    }
}
