package dev.kapal.agent.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kapal.base.metric.Metrics;

/// The summary as metrics, for collectors of resource use.
///
/// Source: kubelet, /metrics/resource.
final class ResourceMetrics {
    private static final double NANOS = 1e9;
    private static final String[] CONTAINER = {"container", "namespace", "pod"};
    private static final String[] POD = {"namespace", "pod"};

    private ResourceMetrics() {}

    static String exposition(JsonNode summary) {
        var metrics = new Metrics();
        cpu(metrics, "node", summary.get("node"), new String[0]);
        memory(metrics, "node", summary.get("node"), new String[0]);
        for (var pod : summary.get("pods")) {
            var ref = pod.get("podRef");
            var namespace = ref.get("namespace").textValue();
            var name = ref.get("name").textValue();
            cpu(metrics, "pod", pod, POD, namespace, name);
            memory(metrics, "pod", pod, POD, namespace, name);
            for (var container : pod.get("containers")) {
                var containerName = container.get("name").textValue();
                cpu(metrics, "container", container, CONTAINER, containerName, namespace, name);
                memory(metrics, "container", container, CONTAINER, containerName, namespace, name);
            }
        }
        metrics.gauge("resource_scrape_error", "1 if there was an error while getting container metrics, 0 otherwise")
                .add(0);
        return metrics.exposition();
    }

    private static void cpu(Metrics metrics, String what, JsonNode stats, String[] labels, String... values) {
        var help = "Cumulative cpu time consumed by the " + what + " in core-seconds";
        metrics.gauge(what + "_cpu_usage_seconds_total", help, labels)
                .add(stats.at("/cpu/usageCoreNanoSeconds").asLong() / NANOS, values);
    }

    private static void memory(Metrics metrics, String what, JsonNode stats, String[] labels, String... values) {
        metrics.gauge(what + "_memory_working_set_bytes", "Current working set of the " + what + " in bytes", labels)
                .add(stats.at("/memory/workingSetBytes").asLong(), values);
    }
}
