package dev.kapal.agent.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.base.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// What this machine uses, from `/proc` and the file system. Any thread.
///
/// Source: proc(5); kubelet stats API v1alpha1, NodeStats.
final class NodeUsage {
    /// The kernel's clock tick for user space.
    private static final long NANOS_PER_TICK = 10_000_000;

    private final String name;
    private final Path files;
    private final Time time;
    /// The sample before, for the rate; guarded by this.
    private Sample last;

    private record Sample(long nanos, long busyNanos) {}

    NodeUsage(String name, Path files, Time time) {
        this.name = name;
        this.files = files;
        this.time = time;
    }

    ObjectNode document() throws IOException {
        var now = time.instant();
        var node = JsonNodeFactory.instance.objectNode();
        node.put("nodeName", name);
        node.put(
                "startTime",
                Instant.ofEpochSecond(number("/proc/stat", "btime")).toString());
        node.set("cpu", cpu(now));
        node.set("memory", memory(now));
        node.set("fs", fileSystem(now));
        node.putObject("runtime").set("imageFs", fileSystem(now));
        return node;
    }

    private synchronized ObjectNode cpu(Instant now) throws IOException {
        var words = line("/proc/stat", "cpu ").split(" +");
        // user nice system idle iowait irq softirq steal; idle and iowait are no work.
        long ticks = 0;
        for (int i = 1; i <= 8 && i < words.length; i++) {
            ticks += i == 4 || i == 5 ? 0 : Long.parseLong(words[i]);
        }
        var sample = new Sample(time.nanos(), ticks * NANOS_PER_TICK);
        var node = JsonNodeFactory.instance.objectNode().put("time", now.toString());
        if (last != null && sample.nanos() > last.nanos()) {
            double share = (double) (sample.busyNanos() - last.busyNanos()) / (sample.nanos() - last.nanos());
            node.put("usageNanoCores", Math.max(0, (long) (share * 1_000_000_000)));
        }
        last = sample;
        return node.put("usageCoreNanoSeconds", sample.busyNanos());
    }

    private static ObjectNode memory(Instant now) throws IOException {
        var info = kilobytes();
        long total = info.getOrDefault("MemTotal", 0L) << 10;
        long free = info.getOrDefault("MemFree", 0L) << 10;
        long inactive = info.getOrDefault("Inactive(file)", 0L) << 10;
        long used = total - free;
        long workingSet = Math.max(0, used - inactive);
        return JsonNodeFactory.instance
                .objectNode()
                .put("time", now.toString())
                .put("availableBytes", total - workingSet)
                .put("usageBytes", used)
                .put("workingSetBytes", workingSet)
                .put("rssBytes", info.getOrDefault("AnonPages", 0L) << 10);
    }

    private ObjectNode fileSystem(Instant now) throws IOException {
        var store = Files.getFileStore(files);
        return JsonNodeFactory.instance
                .objectNode()
                .put("time", now.toString())
                .put("availableBytes", store.getUsableSpace())
                .put("capacityBytes", store.getTotalSpace())
                .put("usedBytes", store.getTotalSpace() - store.getUnallocatedSpace());
    }

    private static Map<String, Long> kilobytes() throws IOException {
        var values = new HashMap<String, Long>();
        for (var line : Files.readAllLines(Path.of("/proc/meminfo"))) {
            var words = line.split("[: ]+");
            values.put(words[0], Long.parseLong(words[1]));
        }
        return values;
    }

    private static long number(String file, String key) throws IOException {
        return Long.parseLong(line(file, key + " ").split(" ")[1]);
    }

    private static String line(String file, String start) throws IOException {
        return Files.readAllLines(Path.of(file)).stream()
                .filter(line -> line.startsWith(start))
                .findFirst()
                .orElseThrow(() -> new IOException(file + " has no line " + start));
    }
}
