package dev.kapal.base.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/// What a library for the network says, in our form and no more often than once a minute for each of its classes:
/// peers that break off or talk nonsense are no news. The stack trace stays where it can show a defect. Any thread.
final class LibraryHandler extends Handler {
    private final Handler output;
    private final Repeats repeats = new Repeats();

    LibraryHandler(Handler output) {
        this.output = output;
    }

    @Override
    public void publish(LogRecord said) {
        var left = repeats.admit(String.valueOf(said.getLoggerName()), said.getInstant());
        if (left.isEmpty()) {
            return;
        }
        var pairs = new ArrayList<Object>(List.of("library", said.getLoggerName(), "says", LogFormat.expanded(said)));
        if (said.getThrown() != null) {
            pairs.addAll(List.of("why", said.getThrown()));
        }
        if (left.getAsInt() > 0) {
            pairs.addAll(List.of("left_out", left.getAsInt()));
        }
        var line = new LogRecord(said.getLevel(), "trouble on the network");
        line.setLoggerName(LibraryHandler.class.getName());
        line.setInstant(said.getInstant());
        line.setParameters(pairs.toArray());
        if (!isThePeers(said.getThrown())) {
            line.setThrown(said.getThrown());
        }
        output.publish(line);
    }

    /// Whether a peer causes this by what it sends, or by going away.
    private static boolean isThePeers(Throwable thrown) {
        for (var cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException || cause.getClass().getName().startsWith("io.netty.")) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void flush() {
        output.flush();
    }

    @Override
    public void close() {
        output.close();
    }
}
