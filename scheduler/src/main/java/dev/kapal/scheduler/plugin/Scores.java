package dev.kapal.scheduler.plugin;

import dev.kapal.scheduler.framework.Plugin;
import java.util.Arrays;

/// Brings raw scores into the range of 0 to 100.
final class Scores {
    private Scores() {}

    /// The largest becomes 100, the others keep their proportion; turned around when less is better.
    static void scale(long[] scores, boolean lessIsBetter) {
        long largest = Arrays.stream(scores).max().orElse(0);
        for (int i = 0; i < scores.length; i++) {
            long scaled = largest == 0 ? 0 : scores[i] * Plugin.Score.MAX / largest;
            scores[i] = lessIsBetter ? Plugin.Score.MAX - scaled : scaled;
        }
    }
}
