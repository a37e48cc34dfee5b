package dev.kapal.apiserver;

import dev.kapal.apiserver.edge.BrowserRules;
import java.time.Duration;
import java.util.Optional;

/// Servers that are protected as usual, but for one thing.
public final class Protections {
    private static final Protection USUAL = Protection.DEFAULT;

    private Protections() {}

    /// Whatever is not answered within `limit` is broken off.
    public static Protection hasty(Duration limit) {
        return protection(limit, USUAL.ending(), 0, BrowserRules.NONE);
    }

    public static Protection ending(Duration delay, boolean retryAfter, Duration watches) {
        return protection(
                USUAL.requestTimeout(), new Protection.Ending(delay, retryAfter, watches), 0, BrowserRules.NONE);
    }

    /// Every request is asked to be the last on its connection.
    public static Protection goingAway() {
        return protection(USUAL.requestTimeout(), USUAL.ending(), 1, BrowserRules.NONE);
    }

    public static Protection talkingToBrowsers(BrowserRules rules) {
        return protection(USUAL.requestTimeout(), USUAL.ending(), 0, rules);
    }

    private static Protection protection(
            Duration requestTimeout, Protection.Ending ending, double goawayChance, BrowserRules browsers) {
        return new Protection(
                Optional.empty(),
                true,
                USUAL.maxInFlight(),
                USUAL.maxMutatingInFlight(),
                requestTimeout,
                USUAL.livezGrace(),
                ending,
                goawayChance,
                browsers);
    }
}
