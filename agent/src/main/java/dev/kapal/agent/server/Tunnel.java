package dev.kapal.agent.server;

import dev.kapal.base.life.Life;
import dev.kapal.http.Duplex;
import dev.kapal.http.Exchange;
import dev.kapal.http.Headers;
import dev.kapal.http.Request;
import dev.kapal.http.Response;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Passes an upgraded connection on to another HTTP/1.1 server: the request with its headers goes there, its answer
/// comes
/// back, and from then on bytes flow both ways unread. Runs on the request's thread; a second thread of `life` carries
/// the other direction.
record Tunnel(Life life) {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int BUFFER = 32 << 10;
    private static final int LONGEST_HEAD = 64 << 10;
    private static final int SWITCHING_PROTOCOLS = 101;
    /// The rest of a request's headers speak of the connection to us.
    private static final Set<String> OURS = Set.of("host", "authorization", "content-length", "transfer-encoding");

    /// The answer's first line and headers.
    private record Head(int status, Headers headers) {}

    void connect(Exchange exchange, URI target) throws IOException {
        var request = exchange.request();
        if (!request.headers().lists("Connection", "Upgrade")) {
            throw Refusal.badRequest("Upgrade request required");
        }
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(target.getHost(), target.getPort()), CONNECT_MILLIS);
            socket.setTcpNoDelay(true);
            socket.getOutputStream().write(head(request, target));
            var in = new BufferedInputStream(socket.getInputStream(), BUFFER);
            var head = readHead(in);
            if (head.status() != SWITCHING_PROTOCOLS) {
                exchange.respond(new Response(head.status(), contentType(head), List.of(body(head, in))));
                return;
            }
            var headers = head.headers().toBuilder()
                    .remove("Connection")
                    .remove("Upgrade")
                    .build();
            var protocol = head.headers().first("Upgrade").orElse("SPDY/3.1");
            try (var client = exchange.upgrade(protocol, headers)) {
                carry(client, socket, in);
            }
        }
    }

    private void carry(Duplex client, Socket socket, InputStream in) throws IOException {
        life.spawn("tunnel", () -> {
            // Each end that closes takes the other along, and so both threads end.
            try (socket;
                    client) {
                copy(client.input(), socket.getOutputStream());
            } catch (IOException closed) {
                // The other thread closed its end first.
            }
        });
        try {
            copy(in, client.output());
        } catch (IOException closed) {
            // The client went away.
        }
    }

    private static void copy(InputStream in, OutputStream out) throws IOException {
        var buffer = new byte[BUFFER];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            out.write(buffer, 0, count);
            out.flush();
        }
    }

    private static byte[] head(Request request, URI target) {
        var head = new StringBuilder();
        var query = target.getRawQuery() == null ? "" : "?" + target.getRawQuery();
        head.append(request.method())
                .append(' ')
                .append(target.getRawPath())
                .append(query)
                .append(" HTTP/1.1\r\nHost: ")
                .append(target.getAuthority())
                .append("\r\n");
        request.headers().forEach((name, value) -> {
            if (!OURS.contains(name.toLowerCase(Locale.ROOT))) {
                head.append(name).append(": ").append(value).append("\r\n");
            }
        });
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Head readHead(InputStream in) throws IOException {
        var line = readLine(in);
        var words = line.split(" ", 3);
        if (words.length < 2 || !words[1].matches("[1-5][0-9]{2}")) {
            throw new IOException("the runtime's streaming server answered: " + line);
        }
        var headers = Headers.builder();
        for (line = readLine(in); !line.isEmpty(); line = readLine(in)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.add(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        }
        return new Head(Integer.parseInt(words[1]), headers.build());
    }

    private static String readLine(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int one = in.read(); one != '\n'; one = in.read()) {
            if (one < 0 || line.length() > LONGEST_HEAD) {
                throw new IOException("the runtime's streaming server broke off its answer");
            }
            if (one != '\r') {
                line.append((char) one);
            }
        }
        return line.toString();
    }

    private static Headers contentType(Head head) {
        return Headers.of("Content-Type", head.headers().first("Content-Type").orElse("text/plain; charset=utf-8"));
    }

    /// A refusal's text.
    private static byte[] body(Head head, InputStream in) throws IOException {
        var length =
                head.headers().first("Content-Length").map(Integer::parseInt).orElse(0);
        return in.readNBytes(Math.min(length, LONGEST_HEAD));
    }
}
