package dev.kapal.apiserver.audit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Whom events are sent to, and how, as `--audit-webhook-*` say.
///
/// @param kubeconfig names the server and the credentials
/// @param initialBackoff before the second attempt; the following ones wait half as long again each time
/// @param batching counts for [AuditMode#BATCH] only
/// @param truncation empty: events are left as they are
public record AuditWebhookConfig(
        Path kubeconfig,
        AuditMode mode,
        Duration initialBackoff,
        AuditBatching batching,
        Optional<AuditTruncation> truncation) {
    public AuditWebhookConfig {
        if (mode == AuditMode.BATCH) {
            batching.check("webhook");
        }
    }
}
