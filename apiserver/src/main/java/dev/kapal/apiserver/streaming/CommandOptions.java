package dev.kapal.apiserver.streaming;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.RequestInfo;
import java.util.List;

/// What an exec or attach request wants to be connected to. Immutable. Source: `core/v1` PodExecOptions,
/// PodAttachOptions.
record CommandOptions(boolean stdin, boolean stdout, boolean stderr, boolean tty, List<String> command) {
    CommandOptions {
        command = List.copyOf(command);
    }

    static CommandOptions of(RequestInfo.Query query) {
        boolean tty = query.isTrue("tty");
        var options = new CommandOptions(
                query.isTrue("stdin"),
                query.isTrue("stdout"),
                query.isTrue("stderr") && !tty, // a terminal has one output
                tty,
                query.values("command"));
        if (!options.stdin && !options.stdout && !options.stderr) {
            throw ApiException.badRequest("you must specify at least 1 of stdin, stdout, stderr");
        }
        return options;
    }

    /// As the agent's interface spells them.
    String query() {
        var query = new Queries();
        command.forEach(word -> query.add("command", word));
        return query.addIf(stdin, "input")
                .addIf(stdout, "output")
                .addIf(stderr, "error")
                .addIf(tty, "tty")
                .toString();
    }
}
