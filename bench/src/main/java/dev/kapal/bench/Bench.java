package dev.kapal.bench;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `./kapal bench [NAME…]`: runs the named benchmarks, or all.
public final class Bench {
    private Bench() {}

    @FunctionalInterface
    private interface Benchmark {
        Table run() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        Map<String, Benchmark> all = new LinkedHashMap<>();
        all.put("startup", () -> new StartupBench().run());
        all.put("api", () -> new ApiBench().run());
        all.put("authz", () -> new AuthzBench().run());
        all.put("apply", () -> new ApplyBench().run());
        all.put("crd", () -> new CrdBench().run());
        all.put("pod-start", () -> new PodStartBench().run());
        for (String name : arguments) {
            if (!all.containsKey(name)) {
                System.err.println(
                        "kapal: there is no benchmark '" + name + "'; there are: " + String.join(", ", all.keySet()));
                System.exit(2);
            }
        }
        Path home = Path.of(System.getProperty("kapal.home"));
        for (String name : arguments.length == 0 ? List.copyOf(all.keySet()) : List.of(arguments)) {
            var table = all.get(name).run();
            table.print(System.out);
            System.out.println("  → " + table.write(home.resolve(".kapal/bench"), Instant.now(), commit(home)));
        }
    }

    private static String commit(Path home) throws Exception {
        var git = new ProcessBuilder("git", "-C", home.toString(), "rev-parse", "--short", "HEAD").start();
        return new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }
}
