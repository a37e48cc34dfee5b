package dev.kapal.store;

import static dev.kapal.store.StoreContract.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.store.Store.Expect;
import org.junit.jupiter.api.Test;

class StoreMetricsTest implements StoreContract {
    private final Metrics metrics = new Metrics();

    @Override
    public Store open() {
        return StoreMetrics.around(MemoryStore.open(), metrics, Time.system());
    }

    @Test
    void countsCallsAndOpenWatches() throws Exception {
        try (var store = open();
                var open = store.watch("/", 0)) {
            store.put("/a", bytes("1"), Expect.ANY);
            store.get("/a");
            var closed = store.watch("/", 0);
            closed.close();
            closed.close();
            assertThat(open.next(SOON)).isNotNull();
            assertThat(metrics.exposition())
                    .contains("kapal_store_request_duration_seconds_count{operation=\"put\"} 1")
                    .contains("kapal_store_request_duration_seconds_count{operation=\"get\"} 1")
                    .contains("kapal_store_watches 1")
                    .contains("kapal_store_revision 1")
                    .contains("kapal_store_failures_total{reason=\"full\"} 0");
        }
    }

    @Test
    void countsRequestsForResourcesAsOfEtcd() throws Exception {
        try (var store = open()) {
            store.put("/registry/apps/deployments/default/web", bytes("1"), Expect.ABSENT);
            store.put("/registry/apps/deployments/default/web", bytes("2"), Expect.ANY);
            store.range(Range.prefix("/registry/core/pods/"), 0, 10);
            store.put("/elsewhere/apps/x", bytes("1"), Expect.ANY);
            assertThat(metrics.exposition())
                    .contains("etcd_requests_total{operation=\"create\",group=\"apps\",resource=\"deployments\"} 1")
                    .contains("etcd_request_duration_seconds_count{operation=\"update\",group=\"apps\","
                            + "resource=\"deployments\"} 1")
                    .contains("etcd_requests_total{operation=\"list\",group=\"\",resource=\"pods\"} 1")
                    .doesNotContain("resource=\"x\"")
                    .doesNotContain("etcd_request_errors_total{");
        }
    }
}
