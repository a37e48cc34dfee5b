package dev.kapal.apiserver.flow;

import java.util.List;

/// Shares out the server's seats: each level's own by its shares, and again every few seconds by what each level wants
/// and others can spare. Pure. Source: KEP-1040, "Dispatching".
final class Borrowing {
    /// How slowly a level is believed to want less.
    static final double DECAY = 0.977;

    private Borrowing() {}

    /// The bounds between which a level's seats move.
    ///
    /// @param nominal its own
    /// @param least what others cannot borrow
    /// @param most with all that it may borrow
    record Bounds(int nominal, int least, int most) {}

    static Bounds bounds(PriorityLevel level, int allShares, int seats) {
        int nominal = allShares == 0 ? 0 : (int) Math.ceil((double) seats * level.shares() / allShares);
        int lendable = (int) Math.round(nominal * level.lendablePercent() / 100.0);
        int most = level.borrowingLimitPercent().isPresent()
                ? nominal
                        + (int) Math.round(
                                nominal * level.borrowingLimitPercent().getAsInt() / 100.0)
                : nominal + seats;
        return new Bounds(nominal, nominal - lendable, most);
    }

    /// What a level is believed to want.
    ///
    /// @param smooth falls slowly, see [#smoothed]
    record Claim(Bounds bounds, int highest, double smooth) {
        /// It keeps what it needs of its own.
        double floor() {
            return Math.max(bounds.least(), Math.min(bounds.nominal(), highest));
        }

        double target() {
            return Math.max(floor(), smooth);
        }
    }

    static double smoothed(double before, Demand demand) {
        double envelope = demand.average() + demand.deviation();
        return Math.max(envelope, DECAY * before + (1 - DECAY) * envelope);
    }

    /// The seats of each claim, in their order: in one proportion to what they want, within their bounds.
    static int[] allocate(List<Claim> claims, int seats) {
        double floors = claims.stream().mapToDouble(Claim::floor).sum();
        if (floors >= seats) {
            return claims.stream()
                    .mapToInt(claim -> (int) Math.round(claim.floor()))
                    .toArray();
        }
        double low = 0;
        double high = 1;
        while (total(claims, high) < seats && high < 1e9) {
            high *= 2;
        }
        for (int i = 0; i < 60; i++) {
            double middle = (low + high) / 2;
            if (total(claims, middle) < seats) {
                low = middle;
            } else {
                high = middle;
            }
        }
        double proportion = high;
        return claims.stream()
                .mapToInt(claim -> (int) Math.round(share(claim, proportion)))
                .toArray();
    }

    private static double total(List<Claim> claims, double proportion) {
        return claims.stream().mapToDouble(claim -> share(claim, proportion)).sum();
    }

    /// A level that wants nothing still has a claim, or its first request would find no seat.
    private static double share(Claim claim, double proportion) {
        return Math.min(claim.bounds().most(), Math.max(claim.floor(), Math.max(claim.target(), 0.1) * proportion));
    }
}
