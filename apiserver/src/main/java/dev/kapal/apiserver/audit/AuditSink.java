package dev.kapal.apiserver.audit;

import java.util.List;

/// Where events go. Any thread.
@FunctionalInterface
public interface AuditSink {
    /// Takes one event as a line of JSON with its line break. May block while there is no room.
    ///
    /// @return false when requests must not go on because the event could not be kept
    boolean write(byte[] line);

    /// Each event goes to every one of them.
    static AuditSink all(List<AuditSink> sinks) {
        return line -> {
            boolean kept = true;
            for (var sink : sinks) {
                kept &= sink.write(line);
            }
            return kept;
        };
    }
}
