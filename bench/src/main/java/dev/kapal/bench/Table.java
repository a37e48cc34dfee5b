package dev.kapal.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/// The result of one benchmark: rows of what was measured, the figure and the goal.
final class Table {
    private record Row(String what, String measured, String goal, double value) {}

    private final String name;
    private final List<Row> rows = new ArrayList<>();

    Table(String name) {
        this.name = name;
    }

    /// `value` is the bare number for the JSON file, in the unit that `measured` shows.
    void row(String what, String measured, String goal, double value) {
        rows.add(new Row(what, measured, goal, value));
    }

    void print(PrintStream out) {
        int first = rows.stream().mapToInt(row -> row.what.length()).max().orElse(0);
        int second = rows.stream().mapToInt(row -> row.measured.length()).max().orElse(0);
        out.println("bench " + name + " · " + machine());
        for (var row : rows) {
            out.println(("  %-" + first + "s  %" + second + "s  goal %s").formatted(row.what, row.measured, row.goal));
        }
    }

    /// Writes `NAME.json` into `directory`: machine, date, commit, rows.
    Path write(Path directory, Instant now, String commit) throws IOException {
        var json = new ObjectMapper();
        ObjectNode root = json.createObjectNode();
        root.put("benchmark", name)
                .put("machine", machine())
                .put("date", now.truncatedTo(ChronoUnit.SECONDS).toString());
        root.put("commit", commit);
        var list = root.putArray("rows");
        rows.forEach(row -> list.addObject()
                .put("what", row.what)
                .put("measured", row.measured)
                .put("goal", row.goal)
                .put("value", row.value));
        Files.createDirectories(directory);
        Path file = directory.resolve(name + ".json");
        json.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), root);
        return file;
    }

    static String machine() {
        String model = "unknown processor";
        long memory = 0;
        try {
            model = Files.readString(Path.of("/proc/cpuinfo"))
                    .lines()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(model);
            memory = Files.readString(Path.of("/proc/meminfo"))
                    .lines()
                    .filter(line -> line.startsWith("MemTotal"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) >> 20)
                    .findFirst()
                    .orElse(0);
        } catch (IOException notLinux) {
            return System.getProperty("os.name") + ", " + Runtime.getRuntime().availableProcessors() + " cores";
        }
        return "%d cores of %s, %d GB, JDK %s"
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        model,
                        memory + 1,
                        Runtime.version().feature());
    }
}
