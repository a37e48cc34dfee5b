package dev.kapal.apiserver.flow;

/// How many seats the requests of a level wanted over some time. Immutable.
record Demand(double average, double deviation, int highest) {

    /// Measures; not thread-safe.
    static final class Meter {
        private double seconds;
        private double sum;
        private double squares;
        private int highest;

        void add(int seats, double passed) {
            seconds += passed;
            sum += seats * passed;
            squares += (double) seats * seats * passed;
            highest = Math.max(highest, seats);
        }

        /// What was measured; begins anew at `now`.
        Demand take(int now) {
            double average = seconds > 0 ? sum / seconds : now;
            double variance = seconds > 0 ? Math.max(0, squares / seconds - average * average) : 0;
            var taken = new Demand(average, Math.sqrt(variance), Math.max(highest, now));
            seconds = 0;
            sum = 0;
            squares = 0;
            highest = now;
            return taken;
        }
    }
}
