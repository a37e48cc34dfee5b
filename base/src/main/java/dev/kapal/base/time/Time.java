package dev.kapal.base.time;

import java.time.Duration;
import java.time.InstantSource;

/// The only source of time. Any thread may call it.
///
/// Wall time ([#instant()]) may jump; monotonic time ([#nanos()]) never goes backwards and is for measuring only.
public interface Time extends InstantSource {
    /// Monotonic nanoseconds from an arbitrary origin.
    long nanos();

    /// Blocks the calling thread for `duration`; returns at once when it is zero or negative.
    void sleep(Duration duration) throws InterruptedException;

    /// The machine's clock.
    static Time system() {
        return SystemTime.INSTANCE;
    }
}
