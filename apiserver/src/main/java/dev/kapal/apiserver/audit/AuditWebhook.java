package dev.kapal.apiserver.audit;

import dev.kapal.apiserver.remote.Webhook;
import dev.kapal.base.log.Log;
import dev.kapal.base.metric.Metrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Sends events to another server, as an `audit.k8s.io/v1` EventList. Any thread; blocks.
final class AuditWebhook implements AuditBatches.Target, AutoCloseable {
    private static final Log log = Log.of(AuditWebhook.class);
    private static final byte[] HEAD =
            "{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"metadata\":{},\"items\":["
                    .getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TAIL = "]}".getBytes(StandardCharsets.US_ASCII);

    private final Webhook server;
    private final Metrics.Counter errors;

    AuditWebhook(Webhook server, Metrics metrics) {
        this.server = server;
        this.errors = AuditLog.errors(metrics);
    }

    /// Requests wait for their events.
    ///
    /// @param strict whether they must not go on without
    AuditSink blocking(boolean strict) {
        return event -> {
            try {
                return send(List.of(event)) || !strict;
            } catch (InterruptedException late) {
                Thread.currentThread().interrupt();
                lost(1, "the request was broken off");
                return !strict;
            }
        };
    }

    @Override
    public boolean send(List<byte[]> events) throws InterruptedException {
        try {
            server.tell(list(events));
            return true;
        } catch (IOException failed) {
            lost(events.size(), failed.getMessage());
            return false;
        }
    }

    private void lost(int count, String why) {
        errors.add(count, "webhook");
        log.error("audit events could not be sent", "count", count, "why", why);
    }

    private static byte[] list(List<byte[]> events) {
        var list = new ByteArrayOutputStream();
        list.writeBytes(HEAD);
        for (int i = 0; i < events.size(); i++) {
            if (i > 0) {
                list.write(',');
            }
            list.writeBytes(events.get(i));
        }
        list.writeBytes(TAIL);
        return list.toByteArray();
    }

    @Override
    public void close() {
        server.close();
    }
}
