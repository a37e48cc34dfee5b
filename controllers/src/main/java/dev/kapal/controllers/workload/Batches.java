package dev.kapal.controllers.workload;

import dev.kapal.base.life.Life;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// Does many calls to the API server at once, in batches of 1, 2, 4, … as long as they succeed: when each of a thousand
/// creates would be refused for the same reason, only a few are tried.
public final class Batches {
    /// The API server turns away who asks for too much at once.
    private static final int AT_ONCE = 64;

    private Batches() {}

    /// One call; the items are told apart by their number.
    @FunctionalInterface
    public interface Call {
        void make(int item) throws InterruptedException;
    }

    /// How many calls succeeded, and the first failure, after which no further batch was begun.
    public record Result(int succeeded, Optional<RuntimeException> failure) {}

    /// Calls for the items `0 … count-1`, the first `initial` of them in the first batch. Blocks until all have ended.
    public static Result slowStart(int count, int initial, Call call) throws InterruptedException {
        int done = 0;
        int size = Math.min(count, initial);
        while (size > 0) {
            var failures = atOnce(done, done + size, call);
            if (!failures.isEmpty()) {
                return new Result(done + size - failures.size(), Optional.of(failures.getFirst()));
            }
            done += size;
            size = Math.min(2 * size, count - done);
        }
        return new Result(done, Optional.empty());
    }

    /// Calls for all items at once.
    public static Result all(int count, Call call) throws InterruptedException {
        return slowStart(count, count, call);
    }

    private static List<RuntimeException> atOnce(int from, int to, Call call) throws InterruptedException {
        if (to - from == 1) {
            try {
                call.make(from);
                return List.of();
            } catch (RuntimeException failure) {
                return List.of(failure);
            }
        }
        var failures = new ConcurrentLinkedQueue<RuntimeException>();
        var next = new AtomicInteger(from);
        try (var life = new Life("batch")) {
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < Math.min(to - from, AT_ONCE); i++) {
                threads.add(life.spawn("calls", () -> {
                    for (int item = next.getAndIncrement(); item < to; item = next.getAndIncrement()) {
                        try {
                            call.make(item);
                        } catch (RuntimeException failure) {
                            failures.add(failure);
                        }
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        return new ArrayList<>(failures);
    }
}
