package dev.kapal.bench;

import io.fabric8.kubernetes.api.model.Node;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// How fast the process starts, and what it needs when nothing happens.
final class StartupBench {
    private static final int RUNS = 5;
    private static final Duration IDLE = Duration.ofSeconds(60);
    /// What the start leaves to do, and the first rounds of what comes round every half minute.
    private static final Duration SETTLING = Duration.ofSeconds(90);
    /// Handshakes after which this process's own share in one is small.
    private static final int PRACTICE = 300;

    private final Table table = new Table("startup");

    Table run() throws IOException, InterruptedException {
        practise();
        var ready = new Latencies();
        for (int i = 0; i < RUNS; i++) {
            try (var bench = Workbench.start("server", "--no-node")) {
                ready.add(bench.ready().toNanos());
                if (i == RUNS - 1) {
                    idle(bench);
                }
            }
        }
        table.row(
                "process start → /readyz, control plane, median of " + RUNS,
                Latencies.milliseconds(ready.percentile(0.5)),
                "≤ 1000 ms",
                ready.percentile(0.5).toNanos() / 1e6);
        if ("root".equals(System.getProperty("user.name"))) {
            node();
        }
        return table;
    }

    /// Who asks a server that starts takes processors from it, the more so the colder he is: kubectl would be quick.
    private static void practise() throws IOException, InterruptedException {
        try (var bench = Workbench.start("server", "--no-node")) {
            bench.accessible();
            for (int i = 0; i < PRACTICE; i++) {
                try (var connection = bench.connect()) {
                    connection.exchange(Connection.request("GET", "/readyz", new byte[0]));
                }
            }
        }
    }

    private void idle(Workbench bench) throws IOException, InterruptedException {
        TimeUnit.SECONDS.sleep(SETTLING.toSeconds());
        Duration before = bench.cpu();
        TimeUnit.SECONDS.sleep(IDLE.toSeconds());
        double share = 100.0 * bench.cpu().minus(before).toNanos() / IDLE.toNanos();
        long megabytes = bench.residentBytes() >> 20;
        table.row("resident memory, idle", megabytes + " MB", "≤ 250 MB", megabytes);
        table.row("processor time, idle", "%.1f %% of a core".formatted(share), "≤ 1 %", share);
    }

    private void node() throws IOException, InterruptedException {
        try (var bench = Workbench.start("server")) {
            bench.accessible();
            try (var client = bench.client()) {
                while (client.nodes().list().getItems().stream().noneMatch(StartupBench::isReady)) {
                    if (bench.sinceStart().toSeconds() > 120) {
                        throw new IOException("no node became ready");
                    }
                    TimeUnit.MILLISECONDS.sleep(5);
                }
            }
            var took = bench.sinceStart();
            table.row("process start → node Ready", Latencies.milliseconds(took), "≤ 4000 ms", took.toNanos() / 1e6);
        }
    }

    private static boolean isReady(Node node) {
        return node.getStatus().getConditions().stream()
                .anyMatch(condition -> condition.getType().equals("Ready")
                        && condition.getStatus().equals("True"));
    }
}
