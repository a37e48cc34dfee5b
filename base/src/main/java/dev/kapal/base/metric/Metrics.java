package dev.kapal.base.metric;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;

/// A process's metrics. Any thread. Asking twice for one name gives the same metric.
///
/// Source: Prometheus text exposition format 0.0.4.
public final class Metrics {
    /// Prometheus' own default buckets, in seconds.
    public static final double[] SECONDS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

    private final Map<String, Family> families = new ConcurrentSkipListMap<>();

    public Counter counter(String name, String help, String... labels) {
        return (Counter) families.computeIfAbsent(name, n -> new Counter(n, help, labels));
    }

    public Gauge gauge(String name, String help, String... labels) {
        return (Gauge) families.computeIfAbsent(name, n -> new Gauge(n, help, labels));
    }

    public Histogram histogram(String name, String help, double[] buckets, String... labels) {
        return (Histogram) families.computeIfAbsent(name, n -> new Histogram(n, help, buckets, labels));
    }

    /// All families in the text format, sorted by name.
    public String exposition() {
        var out = new StringBuilder(1 << 14);
        families.values().forEach(family -> family.write(out));
        return out.toString();
    }

    /// A named family of series that differ in their label values.
    public abstract static sealed class Family {
        final String name;
        private final String help;
        private final String type;
        private final List<String> labels;

        Family(String name, String help, String type, String... labels) {
            this.name = name;
            this.help = help;
            this.type = type;
            this.labels = List.of(labels);
        }

        abstract void writeSeries(StringBuilder out);

        final List<String> key(String... values) {
            if (values.length != labels.size()) {
                throw new IllegalArgumentException(
                        name + " has the labels " + labels + ", not " + values.length + " values");
            }
            return List.of(values);
        }

        final void write(StringBuilder out) {
            out.append("# HELP ").append(name).append(' ').append(help).append('\n');
            out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
            writeSeries(out);
        }

        final void line(StringBuilder out, String suffix, List<String> values, String le, double number) {
            out.append(name).append(suffix);
            if (!values.isEmpty() || le != null) {
                out.append('{');
                String comma = "";
                for (int i = 0; i < values.size(); i++) {
                    out.append(comma)
                            .append(labels.get(i))
                            .append("=\"")
                            .append(escaped(values.get(i)))
                            .append('"');
                    comma = ",";
                }
                if (le != null) {
                    out.append(comma).append("le=\"").append(le).append('"');
                }
                out.append('}');
            }
            out.append(' ').append(text(number)).append('\n');
        }

        private static String escaped(String value) {
            return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        }

        static String text(double number) {
            if (number == Double.POSITIVE_INFINITY) {
                return "+Inf";
            }
            return number == Math.rint(number) && Math.abs(number) < 1e15
                    ? Long.toString((long) number)
                    : Double.toString(number);
        }
    }

    /// A value that only grows.
    public static final class Counter extends Family {
        private final Map<List<String>, LongAdder> series = new ConcurrentHashMap<>();
        private final Map<List<String>, DoubleSupplier> read = new ConcurrentHashMap<>();

        Counter(String name, String help, String... labels) {
            super(name, help, "counter", labels);
        }

        public void increment(String... values) {
            add(1, values);
        }

        public void add(long amount, String... values) {
            series.computeIfAbsent(key(values), k -> new LongAdder()).add(amount);
        }

        /// One series, for where it is counted often: nothing is looked up any more. It shows once it has counted.
        public Series series(String... values) {
            return new Series(key(values));
        }

        /// One series of a counter.
        public final class Series {
            private final List<String> values;
            private LongAdder adder;

            private Series(List<String> values) {
                this.values = values;
            }

            public void add(long amount) {
                if (adder == null) {
                    adder = series.computeIfAbsent(values, k -> new LongAdder()); // the same one for all
                }
                adder.add(amount);
            }
        }

        /// What somebody else counts: reads `supplier` at each exposition.
        public void read(DoubleSupplier supplier, String... values) {
            read.put(key(values), supplier);
        }

        public long value(String... values) {
            var adder = series.get(key(values));
            return adder == null ? 0 : adder.sum();
        }

        @Override
        void writeSeries(StringBuilder out) {
            series.forEach((values, adder) -> line(out, "", values, null, adder.sum()));
            read.forEach((values, supplier) -> line(out, "", values, null, supplier.getAsDouble()));
        }
    }

    /// A value that goes up and down, or is read when asked.
    public static final class Gauge extends Family {
        private final Map<List<String>, DoubleAdder> series = new ConcurrentHashMap<>();
        private final Map<List<String>, DoubleSupplier> read = new ConcurrentHashMap<>();

        Gauge(String name, String help, String... labels) {
            super(name, help, "gauge", labels);
        }

        public void add(double amount, String... values) {
            series.computeIfAbsent(key(values), k -> new DoubleAdder()).add(amount);
        }

        /// Reads `supplier` at each exposition; the latest supplier for these values wins.
        public void read(DoubleSupplier supplier, String... values) {
            read.put(key(values), supplier);
        }

        /// Shows these values no more.
        public void forget(String... values) {
            read.remove(key(values));
            series.remove(key(values));
        }

        @Override
        void writeSeries(StringBuilder out) {
            series.forEach((values, adder) -> line(out, "", values, null, adder.sum()));
            read.forEach((values, supplier) -> line(out, "", values, null, supplier.getAsDouble()));
        }
    }

    /// A distribution over fixed upper bounds.
    public static final class Histogram extends Family {
        private final double[] bounds;
        private final Map<List<String>, Cells> series = new ConcurrentHashMap<>();

        Histogram(String name, String help, double[] bounds, String... labels) {
            super(name, help, "histogram", labels);
            this.bounds = bounds.clone();
        }

        public void observe(double value, String... values) {
            observe(value, series.computeIfAbsent(key(values), k -> new Cells(bounds.length + 1)));
        }

        /// One series, for where it is observed often: nothing is looked up any more. It shows once it has observed.
        public Series series(String... values) {
            return new Series(key(values));
        }

        /// One series of a histogram.
        public final class Series {
            private final List<String> values;
            private Cells cells;

            private Series(List<String> values) {
                this.values = values;
            }

            public void observe(double value) {
                if (cells == null) {
                    cells = series.computeIfAbsent(values, k -> new Cells(bounds.length + 1)); // the same one for all
                }
                Histogram.this.observe(value, cells);
            }
        }

        private void observe(double value, Cells cells) {
            int i = 0;
            while (i < bounds.length && value > bounds[i]) {
                i++;
            }
            cells.counts[i].increment();
            cells.sum.add(value);
        }

        @Override
        void writeSeries(StringBuilder out) {
            series.forEach((values, cells) -> {
                long total = 0;
                for (int i = 0; i < cells.counts.length; i++) {
                    total += cells.counts[i].sum();
                    line(out, "_bucket", values, i < bounds.length ? text(bounds[i]) : "+Inf", total);
                }
                line(out, "_sum", values, null, cells.sum.sum());
                line(out, "_count", values, null, total);
            });
        }
    }

    private static final class Cells {
        final LongAdder[] counts;
        final DoubleAdder sum = new DoubleAdder();

        Cells(int size) {
            counts = new LongAdder[size];
            for (int i = 0; i < size; i++) {
                counts[i] = new LongAdder();
            }
        }
    }
}
