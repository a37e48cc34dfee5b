package dev.kapal.apiserver.audit;

import dev.kapal.apiserver.remote.Webhook;
import dev.kapal.base.life.Life;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Optional;

/// Opens what a configuration names, owned by a [Life]: closed with it, after the last event.
public final class AuditSinks {
    private AuditSinks() {}

    /// @throws IOException when a file cannot be opened or read
    /// @throws IllegalArgumentException when a file makes no sense; its message is for the user
    public static AuditSink open(
            Optional<AuditLogConfig> log, Optional<AuditWebhookConfig> webhook, Metrics metrics, Time time, Life life)
            throws IOException {
        var sinks = new ArrayList<AuditSink>();
        if (log.isPresent()) {
            var file = life.own(AuditLog.open(log.get(), metrics, time));
            sinks.add(
                    log.get().format() == AuditLogConfig.Format.LEGACY
                            ? line -> file.write(LegacyLines.of(line))
                            : file);
        }
        if (webhook.isPresent()) {
            sinks.add(open(webhook.get(), metrics, time, life));
        }
        return sinks.size() == 1 ? sinks.getFirst() : AuditSink.all(sinks);
    }

    private static AuditSink open(AuditWebhookConfig config, Metrics metrics, Time time, Life life) throws IOException {
        var server = Webhook.of(config.kubeconfig(), Webhook.USUAL_LIMIT, config.initialBackoff(), time);
        var webhook = life.own(new AuditWebhook(server, metrics));
        return switch (config.mode()) {
            case BATCH -> life.own(new AuditBatches(webhook, config.batching(), metrics, time));
            case BLOCKING -> webhook.blocking(false);
            case BLOCKING_STRICT -> webhook.blocking(true);
        };
    }
}
