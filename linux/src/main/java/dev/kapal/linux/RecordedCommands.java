package dev.kapal.linux;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Runs nothing: keeps what would have been run and answers what it was told to. Any thread.
public final class RecordedCommands implements Commands {
    private final List<Command> recorded = new ArrayList<>();
    private final Function<Command, Result> answers;

    public RecordedCommands() {
        this(command -> new Result(0, "", ""));
    }

    public RecordedCommands(Function<Command, Result> answers) {
        this.answers = answers;
    }

    @Override
    public synchronized Result run(Command command) {
        recorded.add(command);
        return answers.apply(command);
    }

    /// What was asked for so far, oldest first.
    public synchronized List<Command> recorded() {
        return List.copyOf(recorded);
    }

    /// The same as words, one command a line.
    public synchronized List<String> lines() {
        return recorded.stream().map(Command::toString).toList();
    }
}
