package dev.kapal.base.log;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.text.MessageFormat;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// One line in the logfmt style: `time level logger "message" key=value …`, then the stack trace if there is one.
public final class LogFormat extends Formatter {
    private static final String OURS = "dev.kapal.";

    /// Sends all logging of this process to standard error in this format. Called by the main method, and once more by
    /// a
    /// command that wants another level.
    public static void install(Level level) {
        LogManager.getLogManager().reset();
        var root = Logger.getLogger("");
        var console = new ConsoleHandler();
        console.setFormatter(new LogFormat());
        console.setLevel(Level.ALL);
        root.addHandler(console);
        root.setLevel(Level.WARNING);
        Logger ours = Logger.getLogger("dev.kapal");
        ours.setLevel(level);
        Logger netty = Logger.getLogger("io.netty");
        netty.addHandler(new LibraryHandler(console));
        netty.setUseParentHandlers(false);
        OWNED = List.of(ours, netty);
    }

    /// Holds the configured loggers: the JDK keeps only weak references and would forget what was set.
    @SuppressWarnings("unused") // kept for its reference only
    private static volatile List<Logger> OWNED;

    @Override
    public String format(LogRecord record) {
        var line = new StringBuilder(160);
        DateTimeFormatter.ISO_INSTANT.formatTo(record.getInstant().truncatedTo(ChronoUnit.MILLIS), line);
        line.append(' ').append(level(record.getLevel())).append(' ').append(shortName(record.getLoggerName()));
        boolean ours = record.getLoggerName() != null && record.getLoggerName().startsWith(OURS);
        line.append(' ').append(quoted(ours ? record.getMessage() : expanded(record)));
        Object[] pairs = ours ? record.getParameters() : null;
        if (pairs != null) {
            for (int i = 0; i + 1 < pairs.length; i += 2) {
                line.append(' ').append(pairs[i]).append('=').append(quoted(String.valueOf(pairs[i + 1])));
            }
        }
        line.append('\n');
        if (record.getThrown() != null) {
            var trace = new StringWriter();
            record.getThrown().printStackTrace(new PrintWriter(trace));
            line.append(trace);
        }
        return line.toString();
    }

    static String expanded(LogRecord record) {
        Object[] parameters = record.getParameters();
        if (parameters == null || parameters.length == 0 || record.getMessage() == null) {
            return String.valueOf(record.getMessage());
        }
        try {
            return MessageFormat.format(record.getMessage(), parameters);
        } catch (IllegalArgumentException notAPattern) {
            return record.getMessage();
        }
    }

    private static String level(Level level) {
        if (level.intValue() >= Level.SEVERE.intValue()) {
            return "ERROR";
        }
        if (level.intValue() >= Level.WARNING.intValue()) {
            return "WARN";
        }
        return level.intValue() >= Level.INFO.intValue() ? "INFO" : "DEBUG";
    }

    private static String shortName(String logger) {
        if (logger == null) {
            return "-";
        }
        return logger.startsWith(OURS) ? logger.substring(OURS.length()) : logger;
    }

    private static String quoted(String text) {
        boolean plain = !text.isEmpty()
                && text.chars()
                        .allMatch(c -> c > ' ' && c != '"' && c != '=' && c != 0x7f && !Character.isISOControl(c));
        if (plain) {
            return text;
        }
        var out = new StringBuilder(text.length() + 8).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (Character.isISOControl(c)) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }
}
