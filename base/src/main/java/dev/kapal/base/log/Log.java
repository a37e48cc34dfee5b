package dev.kapal.base.log;

import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// A structured log over the JDK's logging. Any thread.
///
/// A line is a constant message and pairs of key and value: `log.info("pod bound", "pod", key, "node", node)`.
/// Secrets and whole objects never go into a line.
public final class Log {
    private final String name;
    /// Looked up at the first line: the JDK's logging takes long to set up, and many classes never write a line.
    private volatile Logger logger;

    private Log(String name) {
        this.name = name;
    }

    /// The log of `owner`; its level is set under the owner's class name.
    public static Log of(Class<?> owner) {
        return new Log(owner.getName());
    }

    public void debug(String message, Object... pairs) {
        write(Level.FINE, message, null, pairs);
    }

    public void info(String message, Object... pairs) {
        write(Level.INFO, message, null, pairs);
    }

    public void warn(String message, Object... pairs) {
        write(Level.WARNING, message, null, pairs);
    }

    public void error(String message, Object... pairs) {
        write(Level.SEVERE, message, null, pairs);
    }

    /// As [#error(String, Object...)], with the stack trace of `cause`.
    public void error(String message, Throwable cause, Object... pairs) {
        write(Level.SEVERE, message, cause, pairs);
    }

    private void write(Level level, String message, Throwable cause, Object... pairs) {
        var target = logger();
        if (!target.isLoggable(level)) {
            return;
        }
        var record = new LogRecord(level, message);
        record.setLoggerName(name);
        record.setParameters(pairs);
        record.setThrown(cause);
        target.log(record);
    }

    private Logger logger() {
        var known = logger;
        if (known == null) {
            known = Logger.getLogger(name);
            logger = known;
        }
        return known;
    }
}
