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
    /// A server that is slow or away must not gather threads.
    private static final int MOST_REQUESTS = 16;

    private final Metrics metrics;
    private final Time time;
    private final Life life;

    private AuditSinks(Metrics metrics, Time time, Life life) {
        this.metrics = metrics;
        this.time = time;
        this.life = life;
    }

    /// @throws IOException when a file cannot be opened or read
    /// @throws IllegalArgumentException when a file makes no sense; its message is for the user
    public static AuditSink open(
            Optional<AuditLogConfig> log, Optional<AuditWebhookConfig> webhook, Metrics metrics, Time time, Life life)
            throws IOException {
        var open = new AuditSinks(metrics, time, life);
        var sinks = new ArrayList<AuditSink>();
        if (log.isPresent()) {
            sinks.add(open.truncating(open.log(log.get()), log.get().truncation()));
        }
        if (webhook.isPresent()) {
            sinks.add(open.truncating(open.webhook(webhook.get()), webhook.get().truncation()));
        }
        return sinks.size() == 1 ? sinks.getFirst() : AuditSink.all(sinks);
    }

    private AuditSink truncating(AuditSink sink, Optional<AuditTruncation> truncation) {
        return truncation.isEmpty() ? sink : new TruncatingSink(sink, truncation.get(), metrics);
    }

    private AuditSink log(AuditLogConfig config) throws IOException {
        var sink = lines(config);
        return config.format() == AuditLogConfig.Format.LEGACY ? event -> sink.write(LegacyLines.of(event)) : sink;
    }

    private AuditSink lines(AuditLogConfig config) throws IOException {
        if (config.mode().isEmpty()) {
            return life.own(AuditLog.open(config.file(), metrics, time));
        }
        var log = life.own(new PromptLog(AuditLog.destination(config.file(), time), metrics));
        return switch (config.mode().get()) {
            case BATCH -> life.own(new AuditBatches(log, config.batching(), 1, metrics, time)); // one: in their order
            case BLOCKING -> log.blocking(false);
            case BLOCKING_STRICT -> log.blocking(true);
        };
    }

    private AuditSink webhook(AuditWebhookConfig config) throws IOException {
        var server = Webhook.of(config.kubeconfig(), Webhook.USUAL_LIMIT, config.initialBackoff(), time);
        var webhook = life.own(new AuditWebhook(server, metrics));
        return switch (config.mode()) {
            case BATCH -> life.own(new AuditBatches(webhook, config.batching(), MOST_REQUESTS, metrics, time));
            case BLOCKING -> webhook.blocking(false);
            case BLOCKING_STRICT -> webhook.blocking(true);
        };
    }
}
