package dev.kapal.dist;

import dev.kapal.apiserver.Protection;
import dev.kapal.apiserver.audit.AuditLogConfig;
import dev.kapal.apiserver.audit.AuditPolicyFile;
import dev.kapal.apiserver.audit.AuditWebhookConfig;
import dev.kapal.apiserver.audit.AuditWebhookConfig.Batching;
import dev.kapal.apiserver.audit.AuditWebhookConfig.Throttle;
import dev.kapal.cli.Refusal;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/// What the API server logs about requests, and where. Names and defaults are upstream's, save that the log is on.
final class AuditOptions {
    @Option(
            names = "--audit-policy-file",
            paramLabel = "FILE",
            description = "what is logged about requests (audit.k8s.io/v1 Policy); usually: who did what")
    private Path auditPolicy;

    @Option(
            names = "--audit-log-path",
            paramLabel = "FILE",
            description = "where it is logged; - for the standard output, none for no log (D/log/audit.log)")
    private String auditLog;

    @Option(
            names = "--audit-log-maxage",
            paramLabel = "DAYS",
            description = "removes audit logs that are older (0: never)")
    private int auditMaxAge;

    @Option(
            names = "--audit-log-maxbackup",
            paramLabel = "N",
            description = "keeps this many old audit logs (${DEFAULT-VALUE}; 0: all)")
    private int auditMaxBackups = 3;

    @Option(
            names = "--audit-log-maxsize",
            paramLabel = "MB",
            description = "begins a new audit log when it is larger (${DEFAULT-VALUE})")
    private int auditMaxSize = 100;

    @Option(
            names = "--audit-log-format",
            paramLabel = "FORMAT",
            description = "json, or legacy: one line of text for each event (${DEFAULT-VALUE})")
    private String auditFormat = "json";

    @Option(
            names = "--audit-webhook-config-file",
            paramLabel = "FILE",
            description = "a kubeconfig of the server that events are sent to")
    private Path webhook;

    @Option(
            names = "--audit-webhook-mode",
            paramLabel = "MODE",
            description =
                    "batch, blocking (requests wait) or blocking-strict (and are refused if it fails) (${DEFAULT-VALUE})")
    private String webhookMode = "batch";

    @Option(
            names = "--audit-webhook-initial-backoff",
            paramLabel = "DURATION",
            description = "before events are sent a second time (${DEFAULT-VALUE})")
    private String initialBackoff = "10s";

    @Option(
            names = "--audit-webhook-batch-buffer-size",
            paramLabel = "N",
            description = "so many events may wait; more are lost (${DEFAULT-VALUE})")
    private int bufferSize = Batching.DEFAULT.bufferSize();

    @Option(
            names = "--audit-webhook-batch-max-size",
            paramLabel = "N",
            description = "sends so many events at once, at most (${DEFAULT-VALUE})")
    private int batchSize = Batching.DEFAULT.maxSize();

    @Option(
            names = "--audit-webhook-batch-max-wait",
            paramLabel = "DURATION",
            description = "sends fewer events after this (${DEFAULT-VALUE})")
    private String batchWait = "30s";

    @Option(
            names = "--audit-webhook-batch-throttle-enable",
            arity = "1",
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

    /// Empty when nothing is logged anywhere.
    ///
    /// @param usualLog where the audit log goes if nobody says
    Optional<Protection.Audit> audit(Path usualLog) {
        try {
            var log = log(usualLog);
            var sending = sending();
            if (log.isEmpty() && sending.isEmpty()) {
                return Optional.empty();
            }
            var policy = auditPolicy == null ? AuditPolicyFile.usual() : AuditPolicyFile.read(auditPolicy);
            return Optional.of(new Protection.Audit(policy, log, sending));
        } catch (AuditPolicyFile.Unusable | IllegalArgumentException wrong) {
            throw new Refusal(wrong.getMessage());
        }
    }

    private Optional<AuditLogConfig> log(Path usualLog) {
        if ("none".equals(auditLog)) {
            return Optional.empty();
        }
        var format = word(AuditLogConfig.Format.values(), auditFormat)
                .orElseThrow(() -> new Refusal(
                        "invalid audit log format " + auditFormat + ", allowed formats are \"legacy,json\""));
        var path = auditLog == null ? usualLog : Path.of(auditLog);
        return Optional.of(new AuditLogConfig(path, auditMaxAge, auditMaxBackups, auditMaxSize, format));
    }

    private Optional<AuditWebhookConfig> sending() {
        if (webhook == null) {
            return Optional.empty();
        }
        var mode = word(AuditWebhookConfig.Mode.values(), webhookMode)
                .orElseThrow(() -> new Refusal("invalid audit webhook mode " + webhookMode
                        + ", allowed modes are \"batch,blocking,blocking-strict\""));
        var batching = mode != AuditWebhookConfig.Mode.BATCH
                ? Batching.DEFAULT
                : new Batching(
                        bufferSize,
                        batchSize,
                        ProtectionOptions.duration("--audit-webhook-batch-max-wait", batchWait),
                        throttled ? Optional.of(new Throttle(throttleQps, throttleBurst)) : Optional.empty());
        var backoff = ProtectionOptions.duration("--audit-webhook-initial-backoff", initialBackoff);
        return Optional.of(new AuditWebhookConfig(webhook, mode, backoff, batching));
    }

    private static <E extends Enum<E>> Optional<E> word(E[] words, String text) {
        return Arrays.stream(words)
                .filter(word ->
                        word.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(text))
                .findFirst();
    }
}
