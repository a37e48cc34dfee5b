package dev.kapal.testkit;

import dev.kapal.base.time.Time;
import java.time.Duration;
import java.time.Instant;

/// A clock that moves only when told. Wall and monotonic time start unrelated on purpose. Any thread.
public final class FakeTime implements Time {
    private Instant now = Instant.parse("2025-01-01T00:00:00Z");
    private long nanos = 42_000_000_000L;
    private int sleepers;

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
        long end = nanos + duration.toNanos();
        sleepers++;
        notifyAll();
        try {
            while (nanos < end) {
                wait();
            }
        } finally {
            sleepers--;
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
    public synchronized void awaitSleepers(int count) throws InterruptedException {
        while (sleepers < count) {
            wait();
        }
    }
}
