package dev.kapal.apiserver.streaming;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.kapal.apiserver.TestServer;
import dev.kapal.http.Exchange;
import dev.kapal.http.Headers;
import dev.kapal.http.HttpServer;
import dev.kapal.http.Response;
import dev.kapal.http.spdy.SpdyConnection;
import dev.kapal.http.spdy.SpdyStream;
import dev.kapal.pki.Profile;
import dev.kapal.pki.TlsContexts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// An agent whose "containers" are Java: it echoes, counts and fails on command, over the real protocols.
final class FakeAgent implements AutoCloseable {
    private final HttpServer server;
    final Map<String, String> seen = new ConcurrentHashMap<>();

    private FakeAgent(HttpServer server) {
        this.server = server;
    }

    static FakeAgent start(TestServer cluster, String node) throws IOException {
        var identity = cluster.pki().authority().issue(Profile.node(node, List.of("127.0.0.1")));
        var context = TlsContexts.strictServer(() -> identity, cluster.pki().roots());
        var holder = new FakeAgent[1];
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        var server = HttpServer.start(
                HttpServer.Config.tls("agent", address, () -> context), exchange -> holder[0].handle(exchange));
        holder[0] = new FakeAgent(server);
        return holder[0];
    }

    int port() {
        return server.port();
    }

    private void handle(Exchange exchange) throws Exception {
        var request = exchange.request();
        seen.put(request.path(), request.rawQuery());
        String[] parts = request.path().split("/");
        switch (parts[1]) {
            case "containerLogs" -> logs(exchange, parts[4]);
            case "exec", "attach" -> command(exchange);
            case "portForward" -> portForward(exchange);
            default -> exchange.respond(Response.text(200, "node:" + request.target()));
        }
    }

    private static void logs(Exchange exchange, String container) throws IOException {
        if (container.equals("waiting")) {
            exchange.respond(
                    Response.text(400, "container \"waiting\" in pod \"web\" is waiting to start: ContainerCreating"));
            return;
        }
        try (var body = exchange.stream(200, Headers.of("Content-Type", "text/plain"))) {
            body.write("line one\n".getBytes(UTF_8));
            body.flush();
            body.write("line two\n".getBytes(UTF_8));
        }
    }

    private static void command(Exchange exchange) throws Exception {
        var request = exchange.request();
        if (request.query("command").contains("missing")) {
            exchange.respond(Response.text(404, "container not found (\"app\")"));
            return;
        }
        boolean tty = request.query("tty").contains("1");
        var headers = Headers.of("X-Stream-Protocol-Version", "v4.channel.k8s.io");
        try (var connection = SpdyConnection.server(exchange.upgrade("SPDY/3.1", headers))) {
            var streams = new ConcurrentHashMap<String, SpdyStream>();
            int expected = 1
                    + request.query("input").size()
                    + request.query("output").size()
                    + request.query("error").size()
                    + (tty ? 1 : 0);
            while (streams.size() < expected) {
                var stream = connection.accept().orElseThrow();
                streams.put(stream.headers().first("streamtype").orElseThrow(), stream);
            }
            var ended = play(request.query("command"), streams);
            streams.values().stream()
                    .filter(stream -> stream != streams.get("error"))
                    .forEach(SpdyStream::close);
            var error = streams.get("error").output();
            error.write(ended.getBytes(UTF_8));
            error.close();
            streams.get("error").input().readAllBytes(); // until the client has closed its end
        } catch (IOException clientLeft) {
            return;
        }
    }

    /// Plays a program; answers with its exit status as upstream's runtimes write it.
    private static String play(List<String> command, Map<String, SpdyStream> streams) throws IOException {
        switch (command.getFirst()) {
            case "cat" ->
                streams.get("stdin").input().transferTo(streams.get("stdout").output());
            case "size" -> {
                var buffer = new byte[256];
                int count = streams.get("resize").input().read(buffer);
                streams.get("stdout").output().write(buffer, 0, count);
            }
            case "fail" -> {
                streams.get("stderr").output().write("no such luck\n".getBytes(UTF_8));
                return "{\"metadata\":{},\"status\":\"Failure\",\"message\":\"command terminated with non-zero exit code: 7\","
                        + "\"reason\":\"NonZeroExitCode\",\"details\":{\"causes\":[{\"reason\":\"ExitCode\",\"message\":\"7\"}]}}";
            }
            default -> streams.get("stdout").output().write((String.join(" ", command) + "\n").getBytes(UTF_8));
        }
        return "{\"metadata\":{},\"status\":\"Success\"}";
    }

    /// Answers on every forwarded port in capital letters.
    private static void portForward(Exchange exchange) throws Exception {
        var headers = Headers.of("X-Stream-Protocol-Version", "portforward.k8s.io");
        try (var connection = SpdyConnection.server(exchange.upgrade("SPDY/3.1", headers))) {
            for (var next = connection.accept(); next.isPresent(); next = connection.accept()) {
                var stream = next.get();
                if (stream.headers().first("streamtype").orElse("").equals("error")) {
                    stream.output().close();
                    continue;
                }
                Thread.startVirtualThread(() -> {
                    var buffer = new byte[1024];
                    try (var out = stream.output()) {
                        int count = stream.input().read(buffer);
                        String text = new String(buffer, 0, Math.max(count, 0), UTF_8);
                        out.write((stream.headers().first("port").orElse("?") + ":"
                                        + text.toUpperCase(java.util.Locale.ROOT))
                                .getBytes(UTF_8));
                    } catch (IOException gone) {
                        return;
                    }
                });
            }
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
