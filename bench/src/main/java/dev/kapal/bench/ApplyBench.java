package dev.kapal.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Server-side apply of 1,000 Deployments over 16 connections: all of them made, applied again unchanged, and applied
/// with a changed image.
final class ApplyBench {
    private static final int CONNECTIONS = 16;
    private static final int DEPLOYMENTS = 1_000;
    /// Applied and not measured: the first requests compile the server.
    private static final int WARM_UP = 2_000;

    private final Table table = new Table("apply");

    Table run() throws Exception {
        try (var bench = Workbench.start("server", "--no-node");
                var threads = Executors.newThreadPerTaskExecutor(
                        Thread.ofPlatform().daemon().factory())) {
            bench.accessible();
            round(bench, threads, "warm", WARM_UP, "nginx:1");
            round(bench, threads, "warm", WARM_UP, "nginx:2");
            row("apply 1,000 new Deployments", round(bench, threads, "web", DEPLOYMENTS, "nginx:1"));
            row("apply them again, nothing changed", round(bench, threads, "web", DEPLOYMENTS, "nginx:1"));
            row("apply them with another image", round(bench, threads, "web", DEPLOYMENTS, "nginx:2"));
        }
        return table;
    }

    private record Result(Latencies latencies, double seconds) {}

    private void row(String what, Result result) {
        double perSecond = result.latencies.count() / result.seconds;
        table.row(what, "%,.0f /s".formatted(perSecond), "–", perSecond);
        var p99 = result.latencies.percentile(0.99);
        table.row("  its p99", Latencies.milliseconds(p99), "–", p99.toNanos() / 1e6);
    }

    private static Result round(Workbench bench, ExecutorService threads, String name, int count, String image)
            throws Exception {
        var all = new ArrayList<Future<Latencies>>();
        long begun = System.nanoTime();
        for (int i = 0; i < CONNECTIONS; i++) {
            int first = i;
            var connection = bench.connect();
            Callable<Latencies> applier = () -> {
                try (connection) {
                    var latencies = new Latencies();
                    for (int number = first; number < count; number += CONNECTIONS) {
                        latencies.add(apply(connection, name + "-" + number, image));
                    }
                    return latencies;
                }
            };
            all.add(threads.submit(applier));
        }
        var total = new Latencies();
        try {
            for (var one : all) {
                total.addAll(one.get());
            }
        } catch (ExecutionException failure) {
            throw new IOException(failure.getCause());
        }
        return new Result(total, (System.nanoTime() - begun) / 1e9);
    }

    private static long apply(Connection connection, String name, String image) throws IOException {
        byte[] request = Connection.request(
                "PATCH",
                "/apis/apps/v1/namespaces/default/deployments/" + name + "?fieldManager=bench&force=true",
                "application/apply-patch+yaml",
                deployment(name, image).getBytes(StandardCharsets.UTF_8));
        long start = System.nanoTime();
        int status = connection.exchange(request);
        if (status != 200 && status != 201) {
            throw new IOException("apply of " + name + ": " + status);
        }
        return System.nanoTime() - start;
    }

    /// Without replicas, so that the controllers have little to do beside.
    private static String deployment(String name, String image) {
        return """
                {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"%1$s","labels":{"app":"%1$s"}},\
                "spec":{"replicas":0,"paused":true,"selector":{"matchLabels":{"app":"%1$s"}},"template":{"metadata":\
                {"labels":{"app":"%1$s"}},"spec":{"containers":[{"name":"web","image":"%2$s","ports":[{"containerPort":\
                80}],"env":[{"name":"A","value":"1"},{"name":"B","value":"2"}],"resources":{"requests":{"cpu":"100m",\
                "memory":"64Mi"}},"readinessProbe":{"httpGet":{"path":"/","port":80}}}]}}}}""".formatted(name, image);
    }
}
