package dev.kapal.agent.log;

/// Where a container wrote a line.
public enum LogStream {
    STDOUT("stdout"),
    STDERR("stderr");

    private final String word;

    LogStream(String word) {
        this.word = word;
    }

    /// As in the log file.
    String word() {
        return word;
    }
}
