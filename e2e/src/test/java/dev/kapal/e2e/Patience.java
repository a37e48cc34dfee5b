package dev.kapal.e2e;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Waiting for something that must come true, with a bound.
final class Patience {
    private static final long BETWEEN_NANOS = Duration.ofMillis(50).toNanos();

    private Patience() {}

    /// Asks until `good` holds; fails after `limit` with the last answer.
    static <T> T until(Duration limit, Supplier<T> ask, Predicate<T> good, String expected) {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            T answer = ask.get();
            if (good.test(answer)) {
                return answer;
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + limit + ": " + expected + "\nlast: " + answer);
            }
            LockSupport.parkNanos(BETWEEN_NANOS);
        }
    }
}
