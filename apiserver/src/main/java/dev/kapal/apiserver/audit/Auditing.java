package dev.kapal.apiserver.audit;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.Reason;
import dev.kapal.apiserver.api.Status;
import dev.kapal.apiserver.edge.Filter;
import dev.kapal.apiserver.edge.LongRunning;
import dev.kapal.apiserver.edge.ObservedExchange;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.http.BodyIncompleteException;
import dev.kapal.http.BodyTooLargeException;
import dev.kapal.http.Response;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.Documents;
import dev.kapal.model.codec.MediaType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Logs what requests do, each at the level that the policy chooses for it. Two filters: one behind authentication, and
/// [#refused()] before it, for those that do not get that far. Source: "Auditing", kubernetes.io.
public final class Auditing implements Filter {
    private static final DocumentDecoder decoder = new DocumentDecoder();

    private static final Status CLOSED_EARLY =
            new Status(true, 200, Reason.UNKNOWN, "Connection closed early", Optional.empty());

    private final AuditPolicy policy;
    private final AuditSink sink;
    private final Time time;
    private final Metrics.Counter events;
    private final Metrics.Counter levels;
    private final Metrics.Counter rejected;

    public Auditing(AuditPolicy policy, AuditSink sink, Metrics metrics, Time time) {
        this.policy = policy;
        this.sink = sink;
        this.time = time;
        events = metrics.counter(
                "apiserver_audit_event_total", "Counter of audit events generated and sent to the audit backend.");
        levels = metrics.counter(
                "apiserver_audit_level_total", "Counter of policy levels for audit events (1 per request).", "level");
        rejected = metrics.counter(
                "apiserver_audit_requests_rejected_total",
                "Counter of apiserver requests rejected due to an error in audit logging backend.");
    }

    @Override
    public void apply(Call call, Next next) throws Exception {
        var decision = policy.decide(call.user(), call.info());
        levels.increment(decision.level().text());
        if (decision.level() == AuditLevel.NONE) {
            next.handle(call);
            return;
        }
        var exchange = (ObservedExchange) call.exchange();
        var trail = new AuditTrail(call, decision, exchange.auditId(), exchange.received());
        if (!write(trail, AuditStage.REQUEST_RECEIVED)) {
            reject(call);
            return;
        }
        exchange.listen(new Answers(trail));
        var last = AuditStage.RESPONSE_COMPLETE;
        try {
            trail.around(() -> next.handle(call));
        } catch (ApiException refusal) {
            trail.answered(refusal.status());
            throw refusal;
        } catch (BodyTooLargeException tooLarge) {
            trail.code = 413;
            throw tooLarge;
        } catch (BodyIncompleteException late) {
            trail.answered(ApiException.late().status());
            throw late;
        } catch (RuntimeException | StackOverflowError | AssertionError defect) {
            last = AuditStage.PANIC;
            trail.answered(Status.failure(500, Reason.INTERNAL_ERROR, "APIServer panic'd: " + defect));
            throw defect;
        } finally {
            if (trail.code == 0 && LongRunning.is(call.info())) {
                trail.answered(CLOSED_EARLY);
            }
            write(trail, last);
        }
    }

    /// Logs requests whose credentials are no good. Stands right before authentication.
    public Filter refused() {
        return (call, next) -> {
            try {
                next.handle(call);
            } catch (ApiException refusal) {
                if (refusal.status().code() == 401 && call.user().name().isEmpty()) {
                    unauthenticated(call);
                }
                throw refusal;
            }
        };
    }

    private void unauthenticated(Call call) {
        var exchange = (ObservedExchange) call.exchange();
        var decision = policy.decide(call.user(), call.info());
        if (exchange.isListenedTo() || decision.level() == AuditLevel.NONE) {
            return; // somebody further in refused, and it is in the log
        }
        var trail = new AuditTrail(call, decision, exchange.auditId(), exchange.received());
        trail.answered(Status.failure(401, Reason.UNAUTHORIZED, attempted(call)));
        write(trail, AuditStage.RESPONSE_STARTED);
    }

    private static String attempted(Call call) {
        var header = call.request().header("Authorization").orElse("");
        int space = header.indexOf(' ');
        var method = space > 0 ? header.substring(0, space).toLowerCase(Locale.ROOT) : "";
        boolean told = method.equals("bearer") || method.equals("basic");
        return told ? "Authentication failed, attempted: " + method : "Authentication failed, no credentials provided";
    }

    /// What cannot be told does not happen.
    private void reject(Call call) throws IOException {
        rejected.increment();
        String uri = call.request()
                .target()
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;");
        call.exchange()
                .respond(Response.text(500, "Internal Server Error: \"" + uri + "\": failed to store audit event\n")
                        .with("X-Content-Type-Options", "nosniff"));
    }

    private boolean write(AuditTrail trail, AuditStage stage) {
        if (trail.decision.omitted().contains(stage)) {
            return true;
        }
        events.increment();
        return sink.write(AuditEvents.line(trail, stage, annotations(stage), time.instant()));
    }

    private static Map<String, String> annotations(AuditStage stage) {
        return stage == AuditStage.REQUEST_RECEIVED ? Map.of() : AuditAnnotations.current();
    }

    /// Sees what is answered.
    private final class Answers implements ObservedExchange.Listener {
        private final AuditTrail trail;

        Answers(AuditTrail trail) {
            this.trail = trail;
        }

        @Override
        public void answered(Response response) {
            trail.code = response.status();
            boolean wanted = trail.decision.level().holds(AuditLevel.REQUEST_RESPONSE) || response.status() >= 400;
            if (wanted && trail.call.info().isResource() && response.length() > 0) {
                read(response);
            }
        }

        private void read(Response response) {
            var type = MediaType.of(response.headers().first("Content-Type").orElse("text/plain"));
            if (type.isEmpty()) {
                return;
            }
            var body = new ByteArrayOutputStream((int) response.length());
            response.body().forEach(body::writeBytes);
            try {
                trail.takeResponse(
                        type.get() == MediaType.JSON
                                ? Documents.read(body.toByteArray())
                                : decoder.decode(body.toByteArray(), type.get()).document());
            } catch (DecodeException | UncheckedIOException | ClassCastException notOurs) {
                return; // what another server answered through us need not be an object
            }
        }

        @Override
        public void begun(int status) {
            trail.code = status;
            if (LongRunning.is(trail.call.info())) {
                write(trail, AuditStage.RESPONSE_STARTED);
            }
        }
    }
}
