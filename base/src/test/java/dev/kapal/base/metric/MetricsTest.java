package dev.kapal.base.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MetricsTest {
    private final Metrics metrics = new Metrics();

    @Test
    void writesCountersWithTheirLabelsInTheTextFormat() {
        metrics.counter("requests_total", "Requests.", "verb").add(2, "a \"quoted\" get");
        assertThat(metrics.exposition()).isEqualTo("""
                        # HELP requests_total Requests.
                        # TYPE requests_total counter
                        requests_total{verb="a \\"quoted\\" get"} 2
                        """);
    }

    @Test
    void bucketsOfAHistogramAreCumulative() {
        var seconds = metrics.histogram("took_seconds", "Took.", new double[] {0.1, 1});
        seconds.observe(0.05);
        seconds.observe(0.1);
        seconds.observe(3);
        assertThat(metrics.exposition())
                .contains("took_seconds_bucket{le=\"0.1\"} 2\n", "took_seconds_bucket{le=\"1\"} 2\n")
                .contains("took_seconds_bucket{le=\"+Inf\"} 3\n", "took_seconds_count 3\n");
    }

    @Test
    void refusesTheWrongNumberOfLabelValues() {
        var counter = metrics.counter("x_total", "X.", "a");
        assertThatThrownBy(() -> counter.increment()).isInstanceOf(IllegalArgumentException.class);
    }
}
