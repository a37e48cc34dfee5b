package dev.kapal.dist;

import dev.kapal.apiserver.audit.AuditBatching;
import dev.kapal.apiserver.audit.AuditTruncation;
import dev.kapal.apiserver.audit.AuditWebhookConfig;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Another server that audit events are sent to. Names and defaults are upstream's.
final class AuditWebhookOptions {
    @Option(
            names = "--audit-webhook-config-file",
            paramLabel = "FILE",
            description = "a kubeconfig of the server that events are sent to")
    private Path kubeconfig;

    @Option(
            names = "--audit-webhook-mode",
            paramLabel = "MODE",
            description =
                    "batch, blocking (requests wait) or blocking-strict (and are refused if it fails) (${DEFAULT-VALUE})")
    private String mode = "batch";

    @Option(
            names = "--audit-webhook-version",
            paramLabel = "VERSION",
            description = "of the events that are sent (${DEFAULT-VALUE})")
    private String version = AuditOptions.VERSION;

    @Option(
            names = {"--audit-webhook-initial-backoff", "--audit-webhook-batch-initial-backoff"},
            paramLabel = "DURATION",
            description = "before events are sent a second time (${DEFAULT-VALUE})")
    private String initialBackoff = "10s";

    @Option(
            names = "--audit-webhook-batch-buffer-size",
            paramLabel = "N",
            description = "so many events may wait; more are lost (${DEFAULT-VALUE})")
    private int bufferSize = AuditBatching.OF_WEBHOOK.bufferSize();

    @Option(
            names = "--audit-webhook-batch-max-size",
            paramLabel = "N",
            description = "sends so many events at once, at most (${DEFAULT-VALUE})")
    private int batchSize = AuditBatching.OF_WEBHOOK.maxSize();

    @Option(
            names = "--audit-webhook-batch-max-wait",
            paramLabel = "DURATION",
            description = "sends fewer events after this (${DEFAULT-VALUE})")
    private String batchWait = "30s";

    @Option(
            names = "--audit-webhook-batch-throttle-enable",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "BOOL",
            description = "whether the next two limits hold (${DEFAULT-VALUE})")
    private boolean throttled = true;

    @Option(
            names = "--audit-webhook-batch-throttle-qps",
            paramLabel = "N",
            description = "batches per second (${DEFAULT-VALUE})")
    private float throttleQps = 10;

    @Option(
            names = "--audit-webhook-batch-throttle-burst",
            paramLabel = "N",
            description = "batches at once after a quiet time (${DEFAULT-VALUE})")
    private int throttleBurst = 15;

    @Option(
            names = "--audit-webhook-truncate-enabled",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "BOOL",
            description = "whether events that are too large lose their objects (${DEFAULT-VALUE})")
    private boolean truncates;

    @Option(
            names = "--audit-webhook-truncate-max-event-size",
            paramLabel = "BYTES",
            description = "larger events are too large (${DEFAULT-VALUE})")
    private long maxEventSize = AuditTruncation.MAX_EVENT_SIZE;

    @Option(
            names = "--audit-webhook-truncate-max-batch-size",
            paramLabel = "BYTES",
            description = "of all that is sent at once (${DEFAULT-VALUE})")
    private long maxBatchSize = AuditTruncation.MAX_BATCH_SIZE;

    /// Empty when nothing is sent.
    Optional<AuditWebhookConfig> config() {
        if (kubeconfig == null) {
            return Optional.empty();
        }
        AuditOptions.checkVersion(version);
        return Optional.of(new AuditWebhookConfig(
                kubeconfig,
                AuditOptions.mode("webhook", mode),
                ProtectionOptions.duration("--audit-webhook-initial-backoff", initialBackoff),
                batching(),
                AuditTruncation.of("webhook", truncates, maxEventSize, maxBatchSize)));
    }

    private AuditBatching batching() {
        return AuditOptions.batching(
                "webhook",
                bufferSize,
                batchSize,
                batchWait,
                throttled,
                new AuditBatching.Throttle(throttleQps, throttleBurst));
    }
}
