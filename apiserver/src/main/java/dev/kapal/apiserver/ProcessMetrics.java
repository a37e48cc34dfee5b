package dev.kapal.apiserver;

import dev.kapal.base.life.Life;
import dev.kapal.base.metric.Metrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/// What Prometheus' clients say about a process, under their names. Read from the kernel when asked; zero where the
/// kernel is another.
final class ProcessMetrics {
    private static final Path SELF = Path.of("/proc/self");

    private ProcessMetrics() {}

    static void register(Metrics metrics) {
        var process = ProcessHandle.current().info();
        double started = process.startInstant().map(Instant::toEpochMilli).orElse(0L) / 1000.0;
        metrics.gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.")
                .read(() -> started);
        metrics.counter("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.")
                .read(() -> ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .map(spent -> spent.toMillis() / 1000.0)
                        .orElse(0.0));
        metrics.gauge("process_resident_memory_bytes", "Resident memory size in bytes.")
                .read(() -> bytes("VmRSS:"));
        metrics.gauge("process_open_fds", "Number of open file descriptors.").read(ProcessMetrics::openFiles);
        metrics.gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.")
                .read(() -> bytes("VmSize:"));
        metrics.gauge("process_max_fds", "Maximum number of open file descriptors.")
                .read(ProcessMetrics::mostFiles);
        metrics.gauge("kapal_threads", "Number of threads of all components that run, virtual ones too.")
                .read(Life::running);
    }

    private static double bytes(String field) {
        try (var lines = Files.lines(SELF.resolve("status"))) {
            return lines.filter(line -> line.startsWith(field))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException another) {
            return 0;
        }
    }

    private static double mostFiles() {
        try (var lines = Files.lines(SELF.resolve("limits"))) {
            return lines.filter(line -> line.startsWith("Max open files"))
                    .map(line ->
                            line.substring("Max open files".length()).strip().split("\\s+")[0])
                    .mapToDouble(soft -> soft.equals("unlimited") ? Double.POSITIVE_INFINITY : Double.parseDouble(soft))
                    .findFirst()
                    .orElse(0);
        } catch (IOException another) {
            return 0;
        }
    }

    private static double openFiles() {
        try (var files = Files.list(SELF.resolve("fd"))) {
            return files.count();
        } catch (IOException another) {
            return 0;
        }
    }
}
