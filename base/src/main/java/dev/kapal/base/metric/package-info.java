/// Counters, gauges and histograms in Prometheus' text format. Start at [Metrics].
package dev.kapal.base.metric;
