package dev.kapal.linux;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Runs tools. Any thread; blocks until the tool has ended or its time is up. Interruption kills the tool.
public interface Commands {
    /// What a tool left behind. Output is decoded as UTF-8 and capped at 64 MiB.
    record Result(int status, String output, String errors) {
        public boolean ok() {
            return status == 0;
        }

        /// What the tool said about its failure, on one line.
        public String complaint() {
            var text = errors.isBlank() ? output : errors;
            return text.strip().replace('\n', ' ');
        }
    }

    /// Runs `command` and answers whatever its status is.
    /// Errors: a missing program or one that took too long (it is killed) is a [CommandException].
    Result run(Command command) throws IOException, InterruptedException;

    /// As [#run], but any status except zero is a [CommandException]. Answers the standard output.
    default String require(Command command) throws IOException, InterruptedException {
        var result = run(command);
        if (!result.ok()) {
            throw new CommandException(command, result);
        }
        return result.output();
    }

    default String require(String... words) throws IOException, InterruptedException {
        return require(Command.of(words));
    }

    /// The same tools inside the named network namespace (`ip netns exec NAME …`).
    default Commands inside(String namespace) {
        return command -> {
            var words = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
            words.addAll(command.words());
            return run(new Command(words, command.input(), command.limit()));
        };
    }

    /// The tools of this machine.
    static Commands system() {
        return SystemCommands.INSTANCE;
    }
}
