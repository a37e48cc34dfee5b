package dev.kapal.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Named network namespaces, as `ip netns` and the container runtimes keep them under `/run/netns`. Any thread.
public final class NetNs {
    private static final Path DIRECTORY = Path.of("/run/netns");

    private final Commands commands;

    public NetNs(Commands commands) {
        this.commands = commands;
    }

    public static NetNs system() {
        return new NetNs(Commands.system());
    }

    /// Makes the namespace and brings its loopback up.
    public void add(String name) throws IOException, InterruptedException {
        commands.require("ip", "netns", "add", name);
        commands.inside(name).require("ip", "link", "set", "lo", "up");
    }

    /// Removes the name; the namespace lives on while a process is in it. Harmless when there is none.
    public void delete(String name) throws IOException, InterruptedException {
        var command = Command.of("ip", "netns", "delete", name);
        var result = commands.run(command);
        if (!result.ok() && Files.exists(path(name))) {
            throw new CommandException(command, result);
        }
    }

    public List<String> names() throws IOException {
        if (!Files.isDirectory(DIRECTORY)) {
            return List.of();
        }
        try (var files = Files.list(DIRECTORY)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    public static Path path(String name) {
        return DIRECTORY.resolve(name);
    }
}
