package dev.kapal.base.log;

import dev.kapal.base.time.Time;
import java.util.Arrays;

/// A log for what strangers can cause as often as they like: one line a minute for each message, with how many there
/// were besides. Any thread.
public final class SparseLog {
    private final Log log;
    private final Time time;
    private final Repeats repeats = new Repeats();

    public SparseLog(Class<?> owner, Time time) {
        this.log = Log.of(owner);
        this.time = time;
    }

    /// As [Log#info].
    public void info(String message, Object... pairs) {
        repeats.admit(message, time.instant())
                .ifPresent(left -> log.info(message, left == 0 ? pairs : and(pairs, left)));
    }

    private static Object[] and(Object[] pairs, int left) {
        var more = Arrays.copyOf(pairs, pairs.length + 2);
        more[pairs.length] = "left_out";
        more[pairs.length + 1] = left;
        return more;
    }
}
