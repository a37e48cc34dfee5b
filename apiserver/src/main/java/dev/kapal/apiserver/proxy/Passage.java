package dev.kapal.apiserver.proxy;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.streaming.Passing;
import dev.kapal.apiserver.streaming.Tunnel;
import dev.kapal.base.life.Life;
import dev.kapal.http.Headers;
import dev.kapal.http.Peer;
import dev.kapal.http.Request;
import dev.kapal.http.Response;
import dev.kapal.http.client.ClientConnection;
import dev.kapal.http.client.Target;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/// Passes one request on to a backend and its answer back: method, path, query, headers and bodies as they come. Used
/// once, by the thread of the request.
public final class Passage {
    private final Call call;
    private final ProxyPath path;
    private final Target target;
    private final UnaryOperator<Headers> dress;
    private final Life life;

    Passage(Call call, ProxyPath path, Target target, Life life) {
        this(call, path, target, headers -> headers, life);
    }

    private Passage(Call call, ProxyPath path, Target target, UnaryOperator<Headers> dress, Life life) {
        this.dress = dress;
        this.call = call;
        this.path = path;
        this.target = target;
        this.life = life;
    }

    /// Passes the request on under its own path.
    ///
    /// @param dress adds to the headers that are passed on
    public static Passage whole(Call call, Target target, UnaryOperator<Headers> dress, Life life) {
        return new Passage(call, new ProxyPath("", call.request().rawPath()), target, dress, life);
    }

    public void run(ClientConnection connection) throws IOException {
        var request = call.request();
        call.exchange().onDisconnect(connection::close);
        String query = request.rawQuery();
        String location = (path.rest().isEmpty() ? "/" : path.rest()) + (query.isEmpty() ? "" : "?" + query);
        ClientConnection.Answer answer;
        try {
            answer = connection.send(
                    request.method(),
                    location,
                    headers(request),
                    call.exchange().input(),
                    request.content().length());
        } catch (IOException broken) {
            throw ApiException.serviceUnavailable("error trying to reach service: " + broken.getMessage());
        }
        if (answer.status() == 101) {
            var client = call.exchange()
                    .upgrade(answer.headers().first("Upgrade").orElse("websocket"), Passing.endToEnd(answer.headers()));
            Tunnel.run(client, connection.upgraded(), life);
            return;
        }
        back(answer);
    }

    private Headers headers(Request request) {
        boolean upgrade = isUpgrade(request);
        var kept = upgrade ? Passing.withUpgrade(request.headers()) : Passing.endToEnd(request.headers());
        var headers = Passing.withoutCredentials(kept).toBuilder()
                .remove("Content-Length")
                .remove("Expect");
        if (!upgrade) {
            headers.add("Connection", "close");
        }
        String host = request.header("Host").orElse("");
        headers.set("X-Forwarded-Host", host)
                .set("X-Forwarded-Proto", "https")
                .set("X-Forwarded-Uri", path.prefix() + path.rest());
        if (request.peer() instanceof Peer.Tls peer) {
            var before = request.headers().all("X-Forwarded-For");
            String own = peer.address().getAddress() == null
                    ? peer.address().getHostString()
                    : peer.address().getAddress().getHostAddress();
            headers.set("X-Forwarded-For", before.isEmpty() ? own : String.join(", ", before) + ", " + own);
        }
        if (host.isEmpty()) {
            headers.add("Host", target.authority());
        }
        return dress.apply(headers.build());
    }

    private static boolean isUpgrade(Request request) {
        return request.headers().has("Upgrade") && request.headers().lists("Connection", "Upgrade");
    }

    private void back(ClientConnection.Answer answer) throws IOException {
        var headers = Passing.endToEnd(answer.headers());
        var location = headers.first("Location");
        if (location.isPresent()) {
            headers = headers.toBuilder()
                    .set(
                            "Location",
                            Redirects.rewritten(
                                    location.get(),
                                    path.prefix(),
                                    target,
                                    call.request().header("Host").orElse("")))
                    .build();
        }
        if (call.request().method().equals("HEAD") || answer.status() == 204 || answer.status() == 304) {
            call.exchange().respond(new Response(answer.status(), headers, List.of()));
            return;
        }
        var buffer = new byte[32 * 1024];
        try (var body = call.exchange().stream(answer.status(), headers)) {
            for (int count = answer.body().read(buffer);
                    count >= 0;
                    count = answer.body().read(buffer)) {
                body.write(Arrays.copyOf(buffer, count));
                body.flush();
            }
        }
    }
}
