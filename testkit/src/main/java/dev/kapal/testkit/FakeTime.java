package dev.kapal.testkit;

import dev.kapal.base.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// A clock that moves only when told. Wall and monotonic time start unrelated on purpose. Any thread.
public final class FakeTime implements Time {
    private Instant now = Instant.parse("2025-01-01T00:00:00Z");
    private long nanos = 42_000_000_000L;
    /// When each sleeper wakes, on the monotonic clock.
    private final List<Long> wakes = new ArrayList<>();

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public synchronized void sleep(Duration duration) throws InterruptedException {
        Long end = nanos + duration.toNanos();
        wakes.add(end);
        notifyAll();
        try {
            while (nanos < end) {
                wait();
            }
        } finally {
            wakes.remove(end);
        }
    }

    /// Moves both clocks forward and wakes who slept until then.
    public synchronized void advance(Duration by) {
        now = now.plus(by);
        nanos += by.toNanos();
        notifyAll();
    }

    /// Moves only the wall clock, as an operator or NTP would.
    public synchronized void jumpTo(Instant instant) {
        now = instant;
    }

    /// Blocks until at least `count` threads sleep on this clock, so that [#advance(Duration)] cannot come too early.
    /// Those
    /// whose time has come do not count: they are about to go on.
    public synchronized void awaitSleepers(int count) throws InterruptedException {
        while (wakes.stream().filter(wake -> wake > nanos).count() < count) {
            wait();
        }
    }
}
