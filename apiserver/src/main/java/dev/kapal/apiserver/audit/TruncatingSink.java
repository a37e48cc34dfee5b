package dev.kapal.apiserver.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.base.log.Log;
import dev.kapal.base.metric.Metrics;
import dev.kapal.model.codec.Documents;
import java.util.Arrays;
import java.util.Set;

/// Takes the objects out of events that are too large, and drops those that still are. Any thread.
///
/// Source: upstream's `plugin/pkg/audit/truncate`.
final class TruncatingSink implements AuditSink {
    private static final Log log = Log.of(TruncatingSink.class);
    private static final String TRUNCATED = "audit.k8s.io/truncated";
    private static final Set<String> WITH_OBJECTS = Set.of("Request", "RequestResponse");

    private final AuditSink sink;
    private final long limit;
    private final Metrics.Counter errors;

    TruncatingSink(AuditSink sink, AuditTruncation truncation, Metrics metrics) {
        this.sink = sink;
        this.limit = truncation.maxEventSize();
        this.errors = AuditLog.errors(metrics);
    }

    @Override
    public boolean write(byte[] line) {
        if (line.length <= limit) {
            return sink.write(line);
        }
        var event = Documents.read(line);
        if (WITH_OBJECTS.contains(event.path("level").asText())) {
            var shorter = truncated(event);
            if (shorter.length <= limit) {
                return sink.write(shorter);
            }
        }
        errors.add(1, "truncate");
        log.warn("audit events are lost", "count", 1, "why", "event is too large even after truncating");
        return true;
    }

    private static byte[] truncated(ObjectNode event) {
        event.remove("requestObject");
        event.remove("responseObject");
        event.withObjectProperty("annotations").put(TRUNCATED, "true");
        var json = Documents.json(event);
        var line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        return line;
    }
}
