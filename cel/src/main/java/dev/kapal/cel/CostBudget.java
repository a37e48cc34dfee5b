package dev.kapal.cel;

/// What evaluations may cost, in upstream's units (about one step of evaluation each). One thread.
public final class CostBudget {
    /// What one call may cost.
    public static final long PER_CALL = 1_000_000;
    /// What all rules together may cost for one object.
    public static final long PER_OBJECT = 10_000_000;
    /// What the match conditions of one webhook or policy may cost.
    public static final long MATCH_CONDITIONS = 2_500_000;

    private final long perCall;
    private long remaining;

    public CostBudget(long perCall, long total) {
        this.perCall = perCall;
        this.remaining = total;
    }

    /// The budget of one object or one request.
    public static CostBudget standard() {
        return new CostBudget(PER_CALL, PER_OBJECT);
    }

    public static CostBudget matchConditions() {
        return new CostBudget(PER_CALL, MATCH_CONDITIONS);
    }

    public long remaining() {
        return remaining;
    }

    long perCall() {
        return perCall;
    }

    void spend(long cost) {
        remaining -= cost;
    }
}
