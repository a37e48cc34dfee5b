package dev.kapal.agent.pod;

import dev.kapal.base.metric.Metrics;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/// What is counted and measured of pods; names and labels are the kubelet's. Any thread.
public final class PodMetrics {
    private final Metrics metrics;
    private final Metrics.Counter startedPods;
    private final Metrics.Counter startedContainers;
    private final Metrics.Histogram podStart;
    private final Metrics.Histogram relist;

    public PodMetrics(Metrics metrics, String node) {
        this.metrics = metrics;
        this.startedPods =
                metrics.counter("kubelet_started_pods_total", "Cumulative number of pods (sandboxes) started.");
        this.startedContainers = metrics.counter(
                "kubelet_started_containers_total", "Cumulative number of containers started.", "container_type");
        this.podStart = metrics.histogram(
                "kubelet_pod_start_duration_seconds",
                "Seconds from the node seeing a pod for the first time to the pod running.",
                Metrics.SECONDS);
        this.relist = metrics.histogram(
                "kubelet_pleg_relist_duration_seconds",
                "Seconds it takes to list everything in the runtime.",
                Metrics.SECONDS);
        metrics.gauge("kubelet_node_name", "The node's name. The count is always 1.", "node")
                .read(() -> 1, node);
        startedPods.add(0);
        for (var role : Member.Role.values()) {
            startedContainers.add(0, type(role));
        }
    }

    /// Reads the gauges from what the workers see.
    void watch(Supplier<List<ObservedPod>> pods) {
        metrics.gauge("kubelet_running_pods", "Number of pods that have a running sandbox.")
                .read(() -> pods.get().stream()
                        .filter(pod -> pod.usableSandbox().isPresent())
                        .count());
        var containers =
                metrics.gauge("kubelet_running_containers", "Number of containers by state.", "container_state");
        for (var state : ObservedContainer.State.values()) {
            containers.read(
                    () -> pods.get().stream()
                            .flatMap(pod -> pod.containers().stream())
                            .filter(container -> container.state() == state)
                            .count(),
                    state.name().toLowerCase(Locale.ROOT));
        }
    }

    void podStarted() {
        startedPods.increment();
    }

    void containerStarted(Member member) {
        startedContainers.increment(type(member.role()));
    }

    void podRuns(Duration sinceSeen) {
        podStart.observe(seconds(sinceSeen));
    }

    void relisted(Duration took) {
        relist.observe(seconds(took));
    }

    private static String type(Member.Role role) {
        return switch (role) {
            case INIT, SIDECAR -> "init_container";
            case APP -> "container";
            case EPHEMERAL -> "ephemeral_container";
        };
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
