package dev.kapal.apiserver.edge;

import dev.kapal.apiserver.api.Call;
import dev.kapal.http.Headers;
import dev.kapal.http.Peer;
import dev.kapal.http.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Tells clients of a server that is about to end to come again, over another connection and so to another server.
/// Who looks after this server's health is still served, and so are the components in its process. Any thread.
/// Source: `--shutdown-send-retry-after`.
public final class ShuttingDown implements Filter {
    private static final List<String> STILL_SERVED = List.of("/readyz", "/livez", "/healthz", "/metrics");
    private static final String ANOTHER_SERVER = "kube-apiserver/";
    private static final byte[] TEXT =
            "The apiserver is shutting down, please try again later.\n".getBytes(StandardCharsets.US_ASCII);

    private volatile boolean begun;

    /// From now on everybody is sent away.
    public void begin() {
        begun = true;
    }

    @Override
    public void apply(Call call, Next next) throws Exception {
        if (!begun || isStillServed(call)) {
            next.handle(call);
            return;
        }
        var headers = Headers.builder()
                .add("Connection", "close")
                .add("Retry-After", "5")
                .add("Content-Type", "text/plain; charset=utf-8")
                .add("X-Content-Type-Options", "nosniff")
                .build();
        call.exchange().respond(new Response(429, headers, List.of(TEXT)));
    }

    private static boolean isStillServed(Call call) {
        return call.request().peer() instanceof Peer.Local
                || STILL_SERVED.stream().anyMatch(call.request().path()::startsWith)
                || call.request().header("User-Agent").orElse("").startsWith(ANOTHER_SERVER);
    }
}
