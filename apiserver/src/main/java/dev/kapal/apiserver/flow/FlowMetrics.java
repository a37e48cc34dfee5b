package dev.kapal.apiserver.flow;

import dev.kapal.base.metric.Metrics;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToIntFunction;

/// Upstream's names for what priority and fairness does. Any thread.
final class FlowMetrics {
    private static final double[] SECONDS = {0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30};
    private static final double[] SEATS = {1, 2, 4, 10};

    final Metrics.Counter dispatched;
    final Metrics.Counter rejected;
    final Metrics.Histogram waited;
    final Metrics.Histogram executed;
    final Metrics.Histogram estimated;
    private static final Set<String> READING = Set.of("get", "list", "head", "options");

    private final LongAdder reading = new LongAdder();
    private final LongAdder writing = new LongAdder();
    private final Metrics.Gauge inQueue;
    private final Metrics.Gauge executing;
    private final Metrics.Gauge seatsInQueue;
    private final Metrics.Gauge seatsInUse;
    private final Metrics.Gauge nominal;
    private final Metrics.Gauge lower;
    private final Metrics.Gauge upper;
    private final Metrics.Gauge current;

    FlowMetrics(Metrics metrics) {
        var underWay = metrics.gauge(
                "apiserver_current_inflight_requests",
                "Maximal number of currently used inflight request limit of this apiserver per request kind in last second.",
                "request_kind");
        underWay.read(reading::sum, "readOnly");
        underWay.read(writing::sum, "mutating");
        String prefix = "apiserver_flowcontrol_";
        dispatched = metrics.counter(
                prefix + "dispatched_requests_total",
                "Number of requests executed by API Priority and Fairness subsystem",
                "priority_level",
                "flow_schema");
        rejected = metrics.counter(
                prefix + "rejected_requests_total",
                "Number of requests rejected by API Priority and Fairness subsystem",
                "priority_level",
                "flow_schema",
                "reason");
        waited = metrics.histogram(
                prefix + "request_wait_duration_seconds",
                "Length of time a request spent waiting in its queue",
                SECONDS,
                "priority_level",
                "flow_schema",
                "execute");
        executed = metrics.histogram(
                prefix + "request_execution_seconds",
                "Duration of initial stage (for a WATCH) or any (for a non-WATCH) stage of request execution in the API Priority and Fairness subsystem",
                SECONDS,
                "priority_level",
                "flow_schema",
                "type");
        estimated = metrics.histogram(
                prefix + "work_estimated_seats",
                "Number of estimated seats (maximum of initial and final seats) associated with requests in API Priority and Fairness",
                SEATS,
                "priority_level",
                "flow_schema");
        inQueue = flow(
                metrics,
                "current_inqueue_requests",
                "Number of requests currently pending in queues of the API Priority and Fairness subsystem");
        executing = flow(
                metrics,
                "current_executing_requests",
                "Number of requests in initial (for a WATCH) or any (for a non-WATCH) execution stage in the API Priority and Fairness subsystem");
        seatsInQueue = flow(
                metrics,
                "current_inqueue_seats",
                "Number of seats currently pending in queues of the API Priority and Fairness subsystem");
        seatsInUse = flow(
                metrics,
                "current_executing_seats",
                "Concurrency (number of seats) occupied by the currently executing (initial stage for a WATCH, any stage otherwise) requests in the API Priority and Fairness subsystem");
        nominal = level(
                metrics, "nominal_limit_seats", "Nominal number of execution seats configured for each priority level");
        lower = level(
                metrics,
                "lower_limit_seats",
                "Configured lower bound on number of execution seats available to each priority level");
        upper = level(
                metrics,
                "upper_limit_seats",
                "Configured upper bound on number of execution seats available to each priority level");
        current = level(
                metrics,
                "current_limit_seats",
                "current derived number of execution seats available to each priority level");
    }

    private static Metrics.Gauge flow(Metrics metrics, String name, String help) {
        return metrics.gauge("apiserver_flowcontrol_" + name, help, "priority_level", "flow_schema");
    }

    private static Metrics.Gauge level(Metrics metrics, String name, String help) {
        return metrics.gauge("apiserver_flowcontrol_" + name, help, "priority_level");
    }

    /// What counts the requests under way of the kind of `verb`.
    LongAdder underWay(String verb) {
        return READING.contains(verb) ? reading : writing;
    }

    /// Counts one request that waits.
    ///
    /// @param change 1 when it begins to, -1 when it ends
    void waiting(int change, int seats, String level, String schema) {
        inQueue.add(change, level, schema);
        seatsInQueue.add(change * seats, level, schema);
    }

    /// Counts one request that has its seats.
    ///
    /// @param change 1 when it begins, -1 when it ends
    void executing(int change, int seats, String level, String schema) {
        executing.add(change, level, schema);
        seatsInUse.add(change * seats, level, schema);
    }

    /// Shows the level `name` from now on, as it is whenever somebody looks.
    void show(String name, FlowConfig config) {
        read(nominal, name, config, lane -> lane.bounds().nominal());
        read(lower, name, config, lane -> lane.bounds().least());
        read(upper, name, config, lane -> lane.bounds().most());
        read(current, name, config, lane -> lane.queues().limit());
    }

    private static void read(
            Metrics.Gauge gauge, String name, FlowConfig config, ToIntFunction<FlowConfig.Lane> number) {
        gauge.read(
                () -> {
                    var lane = config.current().lanes().get(name);
                    return lane == null ? 0 : number.applyAsInt(lane);
                },
                name);
    }
}
