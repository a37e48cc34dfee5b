package dev.kapal.linux;

import java.time.Duration;
import java.util.List;

/// A tool to run: its words, what it reads on its standard input, and how long it may take. Immutable.
public record Command(List<String> words, String input, Duration limit) {
    /// Long enough for any tool here on a loaded machine, short enough to notice one that hangs.
    public static final Duration USUAL_LIMIT = Duration.ofSeconds(30);

    public Command {
        if (words.isEmpty()) {
            throw new IllegalArgumentException("a command needs a program");
        }
        words = List.copyOf(words);
    }

    public static Command of(String... words) {
        return new Command(List.of(words), "", USUAL_LIMIT);
    }

    public static Command of(List<String> words) {
        return new Command(words, "", USUAL_LIMIT);
    }

    public Command reading(String text) {
        return new Command(words, text, limit);
    }

    public Command within(Duration time) {
        return new Command(words, input, time);
    }

    @Override
    public String toString() {
        return String.join(" ", words);
    }
}
