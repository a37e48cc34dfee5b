package dev.kapal.linux;

import java.io.IOException;

/// A tool ended with another status than zero, or not at all. The message holds the command and what it said.
public final class CommandException extends IOException {
    private final transient Commands.Result result;

    CommandException(Command command, Commands.Result result) {
        super(command + ": exit status " + result.status() + ": " + result.complaint());
        this.result = result;
    }

    CommandException(Command command, String why) {
        super(command + ": " + why);
        this.result = new Commands.Result(-1, "", why);
    }

    public Commands.Result result() {
        return result;
    }
}
