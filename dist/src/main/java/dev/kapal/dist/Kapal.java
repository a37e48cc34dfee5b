package dev.kapal.dist;

import dev.kapal.base.log.LogFormat;
import dev.kapal.cli.Refusal;
import java.util.logging.Level;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParameterException;

/// The `kapal` command. Exit status: 0 done, 1 refused or failed with a sentence, 2 wrong usage.
@Command(
        name = "kapal",
        description = "Kubernetes in Java.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        version = "kapal 0.1.0, Kubernetes v1.34.0+kapal")
public final class Kapal implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    public static void main(String[] arguments) {
        // The JDK's logging looks into every jar for another one: that goes on beside the reading of the command line.
        Thread.ofPlatform().daemon().name("logging").start(LogManager::getLogManager);
        System.exit(execute(arguments));
    }

    /// Returns when the command has ended, with its exit status.
    static int execute(String... arguments) {
        return commandLine(arguments).execute(arguments);
    }

    private static CommandLine commandLine(String... arguments) {
        var line = new CommandLine(new Kapal());
        Commands.of(arguments).forEach(line::addSubcommand);
        for (var command : line.getSubcommands().values()) {
            SeldomOptions.complete(command, arguments);
            command.getCommandSpec().mixinStandardHelpOptions(true);
        }
        line.setExecutionStrategy(Kapal::run);
        line.setExecutionExceptionHandler(sentences());
        line.setExpandAtFiles(false);
        return line;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do, for example: ./kapal up");
    }

    /// People at a terminal hear of what goes wrong only; the servers say for themselves that they log more.
    private static int run(CommandLine.ParseResult parsed) {
        LogFormat.install(Level.WARNING);
        return new CommandLine.RunLast().execute(parsed);
    }

    /// A refusal is one sentence. Anything else is a fault of ours: its sentence, and the stack trace for the report.
    private static IExecutionExceptionHandler sentences() {
        return (failure, line, parsed) -> {
            if (failure instanceof Refusal) {
                line.getErr().println("kapal: " + failure.getMessage());
            } else {
                line.getErr().println("kapal: " + failure);
                failure.printStackTrace(line.getErr());
            }
            return 1;
        };
    }
}
