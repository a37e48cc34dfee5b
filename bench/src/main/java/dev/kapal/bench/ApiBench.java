package dev.kapal.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// GET, LIST, durable create and watch fan-out over TLS, with authentication and authorization, from this process's 16
/// connections.
final class ApiBench {
    private static final int CONNECTIONS = 16;
    private static final int WATCHERS = 1_000;
    private static final int FAN_OUT_WRITES = 200;
    /// A server lives for days, and its compiler is told to let the start go first (`java_options` of the launcher).
    private static final long WARM_UP = TimeUnit.SECONDS.toNanos(12);
    private static final long MEASURED = TimeUnit.SECONDS.toNanos(8);
    private static final byte[] NOTHING = {};

    private final Table table = new Table("api");

    Table run() throws Exception {
        try (var bench = Workbench.start("server", "--no-node");
                var threads = Executors.newThreadPerTaskExecutor(
                        Thread.ofPlatform().daemon().factory())) {
            bench.accessible();
            prepare(bench);
            get(bench, threads);
            list(bench, threads);
            create(bench, threads);
            fanOut(bench, threads);
        }
        return table;
    }

    private static void prepare(Workbench bench) throws IOException {
        try (var connection = bench.connect()) {
            for (String namespace : new String[] {"list", "create", "watch"}) {
                post(connection, "/api/v1/namespaces", """
                        {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"%s"}}""".formatted(namespace));
            }
            String filler = "x".repeat(700);
            for (int i = 0; i < 500; i++) {
                post(connection, "/api/v1/namespaces/list/configmaps", configMap("item-" + i, filler));
            }
        }
    }

    private void get(Workbench bench, ExecutorService threads) throws Exception {
        byte[] request = Connection.request("GET", "/api/v1/namespaces/list/configmaps/item-7", NOTHING);
        var result = load(bench, threads, 200, (connection, thread, number) -> connection.exchange(request));
        table.row("GET one object, 16 connections", rate(result), "≥ 8000 /s", result.perSecond());
        table.row("  its p99", Latencies.milliseconds(result.latencies.percentile(0.99)), "–", millis(result));
    }

    private void list(Workbench bench, ExecutorService threads) throws Exception {
        byte[] request = Connection.request("GET", "/api/v1/namespaces/list/configmaps", NOTHING);
        var result = load(bench, threads, 200, (connection, thread, number) -> connection.exchange(request));
        table.row("LIST 500 objects of 1 KiB", rate(result), "≥ 400 /s", result.perSecond());
    }

    private void create(Workbench bench, ExecutorService threads) throws Exception {
        var result = load(
                bench,
                threads,
                201,
                (connection, thread, number) -> connection.exchange(Connection.request(
                        "POST",
                        "/api/v1/namespaces/create/configmaps",
                        configMap("c-" + thread + "-" + number, "value").getBytes(StandardCharsets.UTF_8))));
        table.row("durable create, 16 connections", rate(result), "≥ 5000 /s", result.perSecond());
        table.row("  its p99", Latencies.milliseconds(result.latencies.percentile(0.99)), "–", millis(result));
    }

    /// One write at a time; the time until the last of all watchers has it.
    private void fanOut(Workbench bench, ExecutorService threads) throws Exception {
        byte[] watch =
                Connection.request("GET", "/api/v1/namespaces/watch/configmaps?watch=true&resourceVersion=0", NOTHING);
        var seen = new Seen();
        var watchers = new ArrayList<Connection>();
        var tls = bench.tls();
        try (var writer = bench.connect()) {
            for (int i = 0; i < WATCHERS; i++) {
                var connection = new Connection(tls, "127.0.0.1", bench.port());
                connection.open(watch);
                watchers.add(connection);
                Thread.ofVirtual().start(() -> {
                    try {
                        while (connection.chunk() > 0) {
                            seen.add();
                        }
                    } catch (IOException closed) {
                        // the benchmark is over
                    }
                });
            }
            var latencies = new Latencies();
            for (int i = 0; i < FAN_OUT_WRITES; i++) {
                long expected = (i + 1L) * WATCHERS;
                long begun = System.nanoTime();
                post(writer, "/api/v1/namespaces/watch/configmaps", configMap("w-" + i, "value"));
                if (!seen.await(expected, begun + TimeUnit.SECONDS.toNanos(5))) {
                    throw new IOException("a watcher has not seen write " + i);
                }
                latencies.add(System.nanoTime() - begun);
            }
            table.row(
                    "one write → 1,000 watchers, p99",
                    Latencies.milliseconds(latencies.percentile(0.99)),
                    "≤ 50 ms",
                    latencies.percentile(0.99).toNanos() / 1e6);
        } finally {
            for (var connection : watchers) {
                connection.close();
            }
        }
    }

    /// Counts what all watchers have seen. One thread waits for a number, and takes no processor from them meanwhile.
    private static final class Seen {
        private final AtomicLong events = new AtomicLong();
        private volatile long wanted = Long.MAX_VALUE;
        private volatile Thread waiting;

        void add() {
            if (events.incrementAndGet() >= wanted) {
                LockSupport.unpark(waiting);
            }
        }

        /// @param deadline as [System#nanoTime()] counts
        boolean await(long number, long deadline) {
            waiting = Thread.currentThread();
            wanted = number;
            while (events.get() < number) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                LockSupport.parkNanos(this, left);
            }
            return true;
        }
    }

    @FunctionalInterface
    private interface Call {
        int once(Connection connection, int thread, int number) throws IOException;
    }

    private record Result(Latencies latencies, double seconds) {
        double perSecond() {
            return latencies.count() / seconds;
        }
    }

    private static Result load(Workbench bench, ExecutorService threads, int expected, Call call) throws Exception {
        var begin = new CountDownLatch(1);
        var all = new ArrayList<Future<Latencies>>();
        for (int i = 0; i < CONNECTIONS; i++) {
            int thread = i;
            var connection = bench.connect();
            Callable<Latencies> caller = () -> {
                try (connection) {
                    begin.await();
                    return measure(connection, thread, expected, call);
                }
            };
            all.add(threads.submit(caller));
        }
        begin.countDown();
        var total = new Latencies();
        try {
            for (var one : all) {
                total.addAll(one.get());
            }
        } catch (ExecutionException failure) {
            throw new IOException(failure.getCause());
        }
        return new Result(total, MEASURED / 1e9);
    }

    private static Latencies measure(Connection connection, int thread, int expected, Call call) throws IOException {
        var latencies = new Latencies();
        long begun = System.nanoTime();
        int number = 0;
        while (true) {
            long start = System.nanoTime();
            int status = call.once(connection, thread, number++);
            long end = System.nanoTime();
            if (status != expected) {
                throw new IOException("status " + status + " instead of " + expected);
            }
            if (end - begun > WARM_UP + MEASURED) {
                return latencies;
            }
            if (start - begun > WARM_UP) {
                latencies.add(end - start);
            }
        }
    }

    private static void post(Connection connection, String path, String body) throws IOException {
        int status = connection.exchange(Connection.request("POST", path, body.getBytes(StandardCharsets.UTF_8)));
        if (status != 201) {
            throw new IOException("POST " + path + ": " + status);
        }
    }

    private static String configMap(String name, String value) {
        return """
                {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"%s"},"data":{"key":"%s"}}""".formatted(name, value);
    }

    private static String rate(Result result) {
        return "%,.0f /s".formatted(result.perSecond());
    }

    private static double millis(Result result) {
        return result.latencies.percentile(0.99).toNanos() / 1e6;
    }
}
