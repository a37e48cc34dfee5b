package dev.kapal.cel;

/// An expression that gave no value.
public final class EvaluationException extends RuntimeException {
    /// Why there is none.
    public enum Cause {
        /// The expression itself failed: a missing key, a division by zero.
        FAILED,
        /// This one call cost more than a call may.
        CALL_COST,
        /// What all calls together may cost is used up.
        BUDGET,
        /// The thread was interrupted.
        CANCELLED
    }

    private final Cause cause;

    public EvaluationException(Cause cause, String message) {
        super(message, null, false, false);
        this.cause = cause;
    }

    public Cause why() {
        return cause;
    }
}
