package dev.kapal.apiserver.audit;

import java.util.Optional;

/// How large an event may be, as `--audit-*-truncate-*` say.
///
/// @param maxEventSize in bytes; a larger event loses its objects, and is lost if that does not help
public record AuditTruncation(long maxEventSize) {
    /// Upstream's sizes, in bytes.
    public static final long MAX_EVENT_SIZE = 100 * 1024;

    public static final long MAX_BATCH_SIZE = 10 * 1024 * 1024;

    /// Events come one by one, so no batch is ever larger than an event: its size is only checked.
    ///
    /// @param plugin `log` or `webhook`
    /// @return empty when events are left as they are
    /// @throws IllegalArgumentException with upstream's words, when it makes no sense
    public static Optional<AuditTruncation> of(String plugin, boolean enabled, long maxEventSize, long maxBatchSize) {
        var what = "invalid audit truncate " + plugin;
        if (maxEventSize <= 0) {
            throw new IllegalArgumentException(
                    what + " max event size " + maxEventSize + ", must be a positive number");
        }
        if (maxBatchSize < maxEventSize) {
            throw new IllegalArgumentException(what + " max batch size " + maxBatchSize
                    + ", must be greater than max event size (" + maxEventSize + ")");
        }
        return enabled ? Optional.of(new AuditTruncation(maxEventSize)) : Optional.empty();
    }
}
