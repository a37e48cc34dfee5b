package dev.kapal.apiserver.edge;

import dev.kapal.apiserver.api.Call;
import dev.kapal.http.Headers;
import dev.kapal.http.Peer;
import dev.kapal.http.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Tells clients of a server that is about to end to come again, over another connection and so to another server.
/// Who looks after this server's health is still served, and so are the components in its process. Any thread.
public final class ShuttingDown implements Filter {
    private static final List<String> STILL_SERVED = List.of("/readyz", "/livez", "/healthz", "/metrics");
    private static final String ANOTHER_SERVER = "kube-apiserver/";
    private static final byte[] TEXT =
            "The apiserver is shutting down, please try again later.\n".getBytes(StandardCharsets.US_ASCII);

    private enum Phase {
        SERVING,
        /// The server goes on to listen, for the sake of those whom it sends away.
        SENDING_AWAY,
        /// Nobody new comes; over connections that are there still somebody can.
        CLOSED
    }

    private volatile Phase phase = Phase.SERVING;

    /// From now on everybody is sent away. Source: `--shutdown-send-retry-after`.
    public void begin() {
        phase = Phase.SENDING_AWAY;
    }

    /// The server listens no more.
    public void close() {
        phase = Phase.CLOSED;
    }

    @Override
    public void apply(Call call, Next next) throws Exception {
        var now = phase;
        if (now == Phase.SERVING || isStillServed(call)) {
            next.handle(call);
            return;
        }
        boolean listens = now == Phase.SENDING_AWAY;
        var headers = Headers.builder()
                .add("Connection", "close")
                .add("Retry-After", listens ? "5" : "1")
                .add("Content-Type", "text/plain; charset=utf-8")
                .add("X-Content-Type-Options", "nosniff")
                .build();
        call.exchange().respond(new Response(listens ? 429 : 503, headers, List.of(TEXT)));
    }

    private static boolean isStillServed(Call call) {
        return call.request().peer() instanceof Peer.Local
                || STILL_SERVED.stream().anyMatch(call.request().path()::startsWith)
                || call.request().header("User-Agent").orElse("").startsWith(ANOTHER_SERVER);
    }
}
