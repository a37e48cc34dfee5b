package dev.kapal.apiserver.audit;

/// How requests and their events have to do with each other, as `--audit-log-mode` and `--audit-webhook-mode` say.
public enum AuditMode {
    /// Requests go on; events leave later, many at once. When there is no room for one it is lost.
    BATCH,
    /// Requests wait until their events have left; if they cannot, they go on all the same.
    BLOCKING,
    /// As [#BLOCKING], but a request whose arrival cannot be told is refused.
    BLOCKING_STRICT
}
