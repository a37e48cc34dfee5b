package dev.kapal.dist;

import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/// A command with options that few command lines have. picocli reads a hundred options in the time in which the server
/// opens its store, so these are made known to it only where they may be meant.
interface SeldomOptions {
    /// Objects with options as their fields, whose values hold when the command line has none of them.
    List<Object> seldomOptions();

    /// Makes the seldom options known when the arguments have an option that the command does not know without them;
    /// `--help` is one of these.
    static void complete(CommandLine command, String[] arguments) {
        if (command.getCommand() instanceof SeldomOptions more && !isEnough(command.getCommandSpec(), arguments)) {
            more.seldomOptions()
                    .forEach(options -> command.addMixin(options.getClass().getSimpleName(), options));
        }
    }

    private static boolean isEnough(CommandSpec known, String[] arguments) {
        return Arrays.stream(arguments)
                .filter(argument -> argument.startsWith("-"))
                .map(argument -> argument.split("=", 2)[0])
                .allMatch(known.optionsMap()::containsKey);
    }
}
