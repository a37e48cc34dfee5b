package dev.kapal.apiserver.edge;

import dev.kapal.http.Body;
import dev.kapal.http.Duplex;
import dev.kapal.http.Exchange;
import dev.kapal.http.Headers;
import dev.kapal.http.Request;
import dev.kapal.http.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/// An exchange that remembers what was answered, adds the headers that every answer carries, and compresses big
/// answers for clients that ask for it. One thread: the request's.
public final class ObservedExchange implements Exchange {
    /// Smaller answers are sent faster than they are compressed.
    private static final int WORTH_COMPRESSING = 128 * 1024;

    private final Exchange inner;
    private final Instant received;
    private String auditId = "";
    private final Headers.Builder more = Headers.builder();
    private int status;
    private long length;
    private Listener listener;
    private long waited;
    private boolean terminated;
    private String flowSchema = "";
    private String priorityLevel = "";

    /// @param received when the request came
    ObservedExchange(Exchange inner, Instant received) {
        this.inner = inner;
        this.received = received;
    }

    /// Who wants to see what is answered. Called by the request's thread.
    public interface Listener {
        /// A whole answer, as it is before it is compressed.
        void answered(Response response);

        /// An answer of unknown length begins, or the protocol changes.
        void begun(int status);
    }

    /// Which flow schema and priority level the request belongs to, by their uids.
    public void flow(String schemaUid, String levelUid) {
        flowSchema = schemaUid;
        priorityLevel = levelUid;
    }

    /// The server ends the request to protect itself.
    public void terminate() {
        terminated = true;
    }

    boolean isTerminated() {
        return terminated;
    }

    /// The request waited for its turn.
    public void waited(long nanos) {
        waited += nanos;
    }

    long waitedNanos() {
        return waited;
    }

    /// At most one listens.
    public void listen(Listener newListener) {
        listener = newListener;
    }

    public boolean isListenedTo() {
        return listener != null;
    }

    public Instant received() {
        return received;
    }

    public String auditId() {
        return auditId;
    }

    /// Names the request in the answer's headers.
    public void auditId(String id) {
        auditId = id;
    }

    /// Whatever is answered carries this header.
    void add(String header, String value) {
        more.add(header, value);
    }

    /// How many bytes a whole answer has; 0 before, and for others.
    long length() {
        return length;
    }

    /// The status that was answered; 0 before.
    int status() {
        return status;
    }

    @Override
    public Request request() {
        return inner.request();
    }

    @Override
    public void respond(Response response) throws IOException {
        status = response.status();
        if (listener != null) {
            listener.answered(response);
        }
        var fit = isWorthCompressing(response) ? compressed(response) : response;
        length = fit.length();
        inner.respond(new Response(fit.status(), dressed(fit.headers()), fit.body()));
    }

    @Override
    public Body stream(int code, Headers headers) throws IOException {
        status = code;
        var body = inner.stream(code, dressed(headers));
        begun();
        return body;
    }

    @Override
    public Duplex upgrade(String protocol, Headers headers) throws IOException {
        var duplex = inner.upgrade(protocol, headers);
        status = 101;
        begun();
        return duplex;
    }

    private void begun() {
        if (listener != null) {
            listener.begun(status);
        }
    }

    @Override
    public void onDisconnect(Runnable action) {
        inner.onDisconnect(action);
    }

    private Headers dressed(Headers headers) {
        var dressed = Headers.builder();
        if (!auditId.isEmpty()) {
            dressed.add("Audit-Id", auditId);
        }
        if (!flowSchema.isEmpty()) {
            dressed.add("X-Kubernetes-Pf-Flowschema-Uid", flowSchema);
            dressed.add("X-Kubernetes-Pf-Prioritylevel-Uid", priorityLevel);
        }
        dressed.addAll(more.build());
        if (!headers.has("Cache-Control")) {
            dressed.add("Cache-Control", "no-cache, private");
        }
        return dressed.addAll(headers).build();
    }

    private boolean isWorthCompressing(Response response) {
        return response.length() >= WORTH_COMPRESSING
                && !response.headers().has("Content-Encoding")
                && Acceptance.acceptsGzip(request());
    }

    private static Response compressed(Response response) throws IOException {
        var bytes = new ByteArrayOutputStream((int) (response.length() / 4));
        try (var gzip = new FastGzip(bytes)) {
            for (var part : response.body()) {
                gzip.write(part);
            }
        }
        var headers = response.headers().toBuilder()
                .set("Content-Encoding", "gzip")
                .add("Vary", "Accept-Encoding")
                .build();
        return new Response(response.status(), headers, List.of(bytes.toByteArray()));
    }

    /// Upstream's choice: the level that costs least.
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(ByteArrayOutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
