package dev.kapal.agent.probe;

import java.util.Optional;

/// Counts the outcomes of one probe: only so many in a row change what it says. One probe's thread only.
///
/// Source: Probe API, `successThreshold` and `failureThreshold`.
final class Threshold {
    private final int successes;
    private final int failures;
    private boolean last;
    private int run;

    Threshold(int successes, int failures) {
        this.successes = successes;
        this.failures = failures;
    }

    /// What the probe says from now on; empty while the run of equal outcomes is too short to say anything new.
    Optional<Boolean> add(boolean success) {
        run = run > 0 && last == success ? run + 1 : 1;
        last = success;
        return run < (success ? successes : failures) ? Optional.empty() : Optional.of(success);
    }
}
