package dev.kapal.bench;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// POST → Running as a watcher sees it, DELETE → gone, against containerd's own start of the same image.
final class PodStartBench {
    private static final int SEQUENCE = 20;
    private static final int AT_ONCE = 30;
    private static final String IMAGE = "kapal.local/busybox:1";

    private final Table table = new Table("pod-start");
    private final Map<String, Pod> seen = new ConcurrentHashMap<>();

    Table run() throws IOException, InterruptedException {
        try (var bench = Workbench.start("server")) {
            bench.accessible();
            try (var client = bench.client()) {
                measure(bench, client);
            }
        }
        return table;
    }

    private void measure(Workbench bench, KubernetesClient client) throws IOException, InterruptedException {
        await(() -> client.nodes().list().getItems().stream()
                .anyMatch(node -> node.getStatus().getConditions().stream()
                        .anyMatch(c ->
                                c.getType().equals("Ready") && c.getStatus().equals("True"))));
        await(() -> client.serviceAccounts()
                        .inNamespace("default")
                        .withName("default")
                        .get()
                != null);
        importImage(bench);
        try (var watch = client.pods().inNamespace("default").watch(new Recorder())) {
            inSequence(client);
            atOnce(client);
        }
        floor(bench);
    }

    private void inSequence(KubernetesClient client) throws IOException, InterruptedException {
        var starts = new Latencies();
        var ends = new Latencies();
        for (int i = 0; i < SEQUENCE; i++) {
            String name = "one-" + i;
            long begun = System.nanoTime();
            client.pods().inNamespace("default").resource(pod(name)).create();
            await(() -> is(name, PodStartBench::isReady));
            starts.add(System.nanoTime() - begun);
            begun = System.nanoTime();
            client.pods().inNamespace("default").withName(name).delete();
            await(() -> !seen.containsKey(name));
            ends.add(System.nanoTime() - begun);
        }
        table.row(
                "POST → Running, median of 20 in sequence",
                Latencies.milliseconds(starts.percentile(0.5)),
                "≤ 500 ms",
                starts.percentile(0.5).toNanos() / 1e6);
        table.row(
                "  the slowest",
                Latencies.milliseconds(starts.percentile(1)),
                "–",
                starts.percentile(1).toNanos() / 1e6);
        table.row(
                "DELETE → gone, median, process ends on TERM",
                Latencies.milliseconds(ends.percentile(0.5)),
                "≤ 500 ms",
                ends.percentile(0.5).toNanos() / 1e6);
    }

    private void atOnce(KubernetesClient client) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        for (int i = 0; i < AT_ONCE; i++) {
            client.pods().inNamespace("default").resource(pod("many-" + i)).create();
        }
        await(() -> seen.values().stream().filter(PodStartBench::isReady).count() == AT_ONCE);
        long took = System.nanoTime() - begun;
        table.row("30 at once, all Ready", "%.1f s".formatted(took / 1e9), "≤ 5 s", took / 1e9);
    }

    private void floor(Workbench bench) throws IOException, InterruptedException {
        var floor = new Latencies();
        for (int i = 0; i < 5; i++) {
            long begun = System.nanoTime();
            ctr(bench, List.of("run", "--rm", IMAGE, "floor-" + i, "/bin/true"));
            floor.add(System.nanoTime() - begun);
        }
        table.row(
                "the floor: `ctr run` of the same image, median of 5",
                Latencies.milliseconds(floor.percentile(0.5)),
                "–",
                floor.percentile(0.5).toNanos() / 1e6);
    }

    private static void importImage(Workbench bench) throws IOException, InterruptedException {
        var build = new ProcessBuilder(
                System.getProperty("kapal.launcher"),
                "image",
                "build",
                "busybox",
                "--data-dir",
                bench.data().toString());
        build.environment().put("KAPAL_SKIP_BUILD", "1");
        run(build);
    }

    private static void ctr(Workbench bench, List<String> arguments) throws IOException, InterruptedException {
        Path socket = bench.data().resolve("run/containerd/containerd.sock");
        var command = new ArrayList<>(List.of("ctr", "--address", socket.toString(), "--namespace", "k8s.io"));
        command.addAll(arguments);
        run(new ProcessBuilder(command));
    }

    private static void run(ProcessBuilder builder) throws IOException, InterruptedException {
        var process = builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", builder.command()) + " failed");
        }
    }

    private boolean is(String name, Predicate<Pod> state) {
        var pod = seen.get(name);
        return pod != null && state.test(pod);
    }

    private static boolean isReady(Pod pod) {
        return pod.getStatus() != null
                && "Running".equals(pod.getStatus().getPhase())
                && pod.getStatus().getConditions().stream()
                        .anyMatch(c ->
                                c.getType().equals("Ready") && c.getStatus().equals("True"));
    }

    private static Pod pod(String name) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("main")
                .withImage(IMAGE)
                .withCommand("/bin/sh", "-c", "trap 'exit 0' TERM; while :; do sleep 1000 & wait; done")
                .endContainer()
                .endSpec()
                .build();
    }

    @FunctionalInterface
    private interface Condition {
        boolean holds();
    }

    private static void await(Condition condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new IOException("the benchmark waited two minutes in vain");
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private final class Recorder implements Watcher<Pod> {
        @Override
        public void eventReceived(Action action, Pod pod) {
            if (action == Action.DELETED) {
                seen.remove(pod.getMetadata().getName());
            } else {
                seen.put(pod.getMetadata().getName(), pod);
            }
        }

        @Override
        public void onClose(WatcherException cause) {
            // await() reports what does not come any more
        }
    }
}
