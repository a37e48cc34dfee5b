package dev.kapal.network.proxy;

import dev.kapal.base.metric.Metrics;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/// The proxy's metrics, under upstream's names. Any thread.
final class ProxyMetrics {
    private final Metrics.Histogram sync;
    private final Metrics.Counter failures;
    private final AtomicLong lastSync = new AtomicLong();

    ProxyMetrics(Metrics metrics) {
        sync = metrics.histogram(
                "kubeproxy_sync_proxy_rules_duration_seconds", "SyncProxyRules latency in seconds", Metrics.SECONDS);
        failures = metrics.counter(
                "kubeproxy_sync_proxy_rules_nftables_sync_failures_total", "Cumulative proxy nftables sync failures");
        failures.add(0);
        metrics.gauge(
                        "kubeproxy_sync_proxy_rules_last_timestamp_seconds",
                        "The last time proxy rules were successfully synced")
                .read(lastSync::get);
    }

    void synced(Duration took, Instant now) {
        sync.observe(took.toNanos() / 1e9);
        lastSync.set(now.getEpochSecond());
    }

    void failed() {
        failures.increment();
    }
}
