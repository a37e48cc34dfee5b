package dev.kapal.dist;

import dev.kapal.apiserver.audit.AuditBatching;
import dev.kapal.apiserver.audit.AuditLogConfig;
import dev.kapal.apiserver.audit.AuditLogConfig.LogFile;
import dev.kapal.apiserver.audit.AuditTruncation;
import dev.kapal.cli.Refusal;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// The audit log in a file. Names and defaults are upstream's, save that there is a file, that few old ones are kept,
/// and that requests do not wait until an event is written, yet none is lost.
final class AuditLogOptions {
    @Option(
            names = "--audit-log-path",
            paramLabel = "FILE",
            description = "where it is logged; - for the standard output, none for no log (D/log/audit.log)")
    private String path;

    @Option(
            names = "--audit-log-maxage",
            paramLabel = "DAYS",
            description = "removes audit logs that are older (0: never)")
    private int maxAge;

    @Option(
            names = "--audit-log-maxbackup",
            paramLabel = "N",
            description = "keeps this many old audit logs (${DEFAULT-VALUE}; 0: all)")
    private int maxBackups = 3;

    @Option(
            names = "--audit-log-maxsize",
            paramLabel = "MB",
            description = "begins a new audit log when it is larger (${DEFAULT-VALUE})")
    private int maxSize = LogFile.USUAL_SIZE;

    @Option(
            names = "--audit-log-compress",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "BOOL",
            description = "whether old audit logs are compressed (${DEFAULT-VALUE})")
    private boolean compress;

    @Option(
            names = "--audit-log-format",
            paramLabel = "FORMAT",
            description = "json, or legacy: one line of text for each event (${DEFAULT-VALUE})")
    private String format = "json";

    @Option(
            names = "--audit-log-version",
            paramLabel = "VERSION",
            description = "of the events in the log (${DEFAULT-VALUE})")
    private String version = AuditOptions.VERSION;

    @Option(
            names = "--audit-log-mode",
            paramLabel = "MODE",
            description = "batch, blocking (requests wait) or blocking-strict (and are refused if it fails);"
                    + " usually events are written a moment later, and none is lost")
    private String mode;

    @Option(
            names = "--audit-log-batch-buffer-size",
            paramLabel = "N",
            description = "so many events may wait; more are lost (${DEFAULT-VALUE})")
    private int bufferSize = AuditBatching.OF_LOG.bufferSize();

    @Option(
            names = "--audit-log-batch-max-size",
            paramLabel = "N",
            description = "writes so many events at once, at most (${DEFAULT-VALUE})")
    private int batchSize = AuditBatching.OF_LOG.maxSize();

    @Option(
            names = "--audit-log-batch-max-wait",
            paramLabel = "DURATION",
            description = "writes fewer events after this (${DEFAULT-VALUE})")
    private String batchWait = "0s";

    @Option(
            names = "--audit-log-batch-throttle-enable",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "BOOL",
            description = "whether the next two limits hold (${DEFAULT-VALUE})")
    private boolean throttled;

    @Option(names = "--audit-log-batch-throttle-qps", paramLabel = "N", description = "batches per second")
    private float throttleQps;

    @Option(
            names = "--audit-log-batch-throttle-burst",
            paramLabel = "N",
            description = "batches at once after a quiet time")
    private int throttleBurst;

    @Option(
            names = "--audit-log-truncate-enabled",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "BOOL",
            description = "whether events that are too large lose their objects (${DEFAULT-VALUE})")
    private boolean truncates;

    @Option(
            names = "--audit-log-truncate-max-event-size",
            paramLabel = "BYTES",
            description = "larger events are too large (${DEFAULT-VALUE})")
    private long maxEventSize = AuditTruncation.MAX_EVENT_SIZE;

    @Option(
            names = "--audit-log-truncate-max-batch-size",
            paramLabel = "BYTES",
            description = "of all that is written at once (${DEFAULT-VALUE})")
    private long maxBatchSize = AuditTruncation.MAX_BATCH_SIZE;

    /// Empty when there is no log.
    ///
    /// @param usual where it goes if nobody says
    Optional<AuditLogConfig> config(Path usual) {
        if ("none".equals(path)) {
            return Optional.empty();
        }
        AuditOptions.checkVersion(version);
        return Optional.of(new AuditLogConfig(
                new LogFile(path == null ? usual : Path.of(path), maxAge, maxBackups, maxSize, compress),
                format(),
                Optional.ofNullable(mode).map(text -> AuditOptions.mode("log", text)),
                batching(),
                AuditTruncation.of("log", truncates, maxEventSize, maxBatchSize)));
    }

    private AuditLogConfig.Format format() {
        return AuditOptions.word(AuditLogConfig.Format.values(), format)
                .orElseThrow(() ->
                        new Refusal("invalid audit log format " + format + ", allowed formats are \"legacy,json\""));
    }

    private AuditBatching batching() {
        return AuditOptions.batching(
                "log",
                bufferSize,
                batchSize,
                batchWait,
                throttled,
                new AuditBatching.Throttle(throttleQps, throttleBurst));
    }
}
