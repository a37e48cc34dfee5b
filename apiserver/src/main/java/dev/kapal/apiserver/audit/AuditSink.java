package dev.kapal.apiserver.audit;

/// Where events go. Any thread.
@FunctionalInterface
public interface AuditSink {
    /// Takes one event as a line of JSON with its line break. May block while there is no room; never loses one on its
    /// own.
    void write(byte[] line);
}
