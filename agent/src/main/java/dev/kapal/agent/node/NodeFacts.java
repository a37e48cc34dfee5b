package dev.kapal.agent.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;

/// What the machine is. Immutable.
///
/// Unit: bytes.
public record NodeFacts(
        int cpus,
        long memory,
        long disk,
        String machineId,
        String systemUuid,
        String bootId,
        String kernel,
        String osImage,
        String architecture) {
    /// Reads the machine; `data` is on the disk that counts.
    public static NodeFacts read(Path data) throws IOException {
        var machineId = firstLine("/etc/machine-id", firstLine("/var/lib/dbus/machine-id", ""));
        return new NodeFacts(
                Runtime.getRuntime().availableProcessors(),
                kibibytes(Files.readAllLines(Path.of("/proc/meminfo")), "MemTotal") * 1024,
                Files.getFileStore(data).getTotalSpace(),
                machineId,
                firstLine("/sys/class/dmi/id/product_uuid", machineId),
                firstLine("/proc/sys/kernel/random/boot_id", ""),
                firstLine("/proc/sys/kernel/osrelease", ""),
                osName(),
                architecture(System.getProperty("os.arch")));
    }

    /// A line of `/proc/meminfo`; 0 when there is none.
    static long kibibytes(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(0);
    }

    private static String osName() throws IOException {
        var file = Path.of("/etc/os-release");
        if (!Files.exists(file)) {
            return "Linux";
        }
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith("PRETTY_NAME="))
                .map(line -> line.substring("PRETTY_NAME=".length()).replace("\"", ""))
                .findFirst()
                .orElse("Linux");
    }

    /// The JDK's name as Go has it.
    static String architecture(String jdk) {
        return switch (jdk) {
            case "amd64", "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            default -> jdk;
        };
    }

    private static String firstLine(String file, String otherwise) {
        try {
            return Files.readAllLines(Path.of(file)).getFirst().strip();
        } catch (IOException | NoSuchElementException unreadable) {
            return otherwise;
        }
    }
}
