package dev.kapal.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// 200 CustomResourceDefinitions one after the other, each with a schema, columns and a rule: how long until each is in
/// discovery and served (a list of its objects answers), and until all are in OpenAPI; then objects of one of them.
final class CrdBench {
    private static final int DEFINITIONS = 200;
    private static final int WARM_UP = 50;
    private static final int OBJECTS = 2_000;
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    private final Table table = new Table("crd");

    Table run() throws Exception {
        try (var bench = Workbench.start("server", "--no-node")) {
            bench.accessible();
            try (var connection = bench.connect()) {
                for (int i = 0; i < WARM_UP; i++) {
                    define(connection, "warm" + i);
                }
                definitions(connection);
                objects(connection);
            }
        }
        return table;
    }

    private void definitions(Connection connection) throws IOException {
        var latencies = new Latencies();
        long begun = System.nanoTime();
        for (int i = 0; i < DEFINITIONS; i++) {
            latencies.add(define(connection, "kind" + i));
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        table.row("200 definitions created and served", "%.2f s".formatted(seconds), "–", seconds);
        time("  from POST to discovery and the first list, p50", latencies.percentile(0.5), "–");
        time("  its p99", latencies.percentile(0.99), "≤ 100 ms");
        long start = System.nanoTime();
        expect(connection, "GET", "/openapi/v3/apis/kind0.example.com/v1", "", 200);
        time("OpenAPI v3 of one of them", Duration.ofNanos(System.nanoTime() - start), "≤ 100 ms");
        start = System.nanoTime();
        expect(connection, "GET", "/openapi/v2", "", 200);
        time("OpenAPI v2 of all kinds", Duration.ofNanos(System.nanoTime() - start), "–");
    }

    private void time(String what, Duration taken, String goal) {
        table.row(what, Latencies.milliseconds(taken), goal, taken.toNanos() / 1e6);
    }

    private void objects(Connection connection) throws IOException {
        var path = path("kind0");
        var latencies = new Latencies();
        for (int i = 0; i < OBJECTS; i++) {
            var body = "{\"apiVersion\":\"kind0.example.com/v1\",\"kind\":\"Kind\",\"metadata\":{\"name\":\"o" + i
                    + "\"},\"spec\":{\"replicas\":3,\"minReplicas\":1,\"name\":\"n\"}}";
            long start = System.nanoTime();
            expect(connection, "POST", path, body, 201);
            latencies.add(System.nanoTime() - start);
        }
        time("create of an object with a rule, one connection, p50", latencies.percentile(0.5), "–");
        time("  its p99", latencies.percentile(0.99), "–");
    }

    private static String path(String name) {
        return "/apis/" + name + ".example.com/v1/namespaces/default/kinds";
    }

    /// Nanoseconds from the request until the kind is served.
    private static long define(Connection connection, String name) throws IOException {
        long start = System.nanoTime();
        expect(connection, "POST", CRDS, definition(name + ".example.com"), 201);
        byte[] discovery =
                Connection.request("GET", "/apis/" + name + ".example.com/v1", "application/json", new byte[0]);
        while (connection.exchange(discovery) != 200) {
            if (System.nanoTime() - start > LIMIT.toNanos()) {
                throw new IOException(name + " is not served");
            }
            Thread.onSpinWait();
        }
        expect(connection, "GET", path(name), "", 200);
        return System.nanoTime() - start;
    }

    private static void expect(Connection connection, String method, String path, String body, int wanted)
            throws IOException {
        int status = connection.exchange(
                Connection.request(method, path, "application/json", body.getBytes(StandardCharsets.UTF_8)));
        if (status != wanted) {
            throw new IOException(method + " " + path + ": " + status);
        }
    }

    private static String definition(String group) {
        return """
                {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"kinds.%1$s"},\
                "spec":{"group":"%1$s","scope":"Namespaced","names":{"plural":"kinds","kind":"Kind"},"versions":[{"name":\
                "v1","served":true,"storage":true,"subresources":{"status":{}},"additionalPrinterColumns":[{"name":\
                "Replicas","type":"integer","jsonPath":".spec.replicas"}],"schema":{"openAPIV3Schema":{"type":"object",\
                "properties":{"spec":{"type":"object","x-kubernetes-validations":[{"rule":\
                "self.minReplicas <= self.replicas"}],"required":["replicas","minReplicas"],"properties":{"replicas":\
                {"type":"integer","maximum":10},"minReplicas":{"type":"integer"},"name":{"type":"string","maxLength":\
                20,"pattern":"^[a-z]+$"}}},"status":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}}}]}}""".formatted(group);
    }
}
