package dev.kapal.linux;

import dev.kapal.base.life.Life;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Named network namespaces, as `ip netns` and the container runtimes keep them under `/run/netns`. Any thread.
public final class NetNs {
    private static final int CLONE_NEWNET = 0x40000000;

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

    /// Runs `task` on a thread that is inside the namespace: a socket it opens stays there, whoever uses it later.
    /// Blocks until the task has ended.
    /// Errors: what the task throws; an [IOException] when there is no such namespace.
    public static <T> T call(String name, Callable<T> task) throws Exception {
        var outcome = new FutureTask<>(() -> {
            int error = SystemCalls.enter(path(name).toString(), CLONE_NEWNET);
            if (error != 0) {
                throw new IOException("network namespace " + name + ": " + SystemCalls.message(error));
            }
            return task.call();
        });
        // A platform thread of its own: the namespace sticks to the kernel's thread, which must not serve others.
        try (var life = new Life("netns " + name)) {
            life.startPlatform("call", outcome::run);
            return outcome.get();
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw failure;
        }
    }
}
