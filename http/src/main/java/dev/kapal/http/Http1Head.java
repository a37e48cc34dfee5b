package dev.kapal.http;

import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Map;

/// The head of an HTTP/1 request in our words. Stateless.
final class Http1Head {
    private static final byte[] NO_BODY = new byte[0];

    private Http1Head() {}

    /// A head that no request can be made of.
    static final class Refused extends Exception {
        private final int status;

        Refused(int status, String why) {
            super(why, null, false, false);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    static Request read(HttpRequest head, Peer peer) throws Refused {
        var version = head.protocolVersion();
        if (version.majorVersion() != 1) {
            throw new Refused(505, "HTTP version is not supported");
        }
        var headers = headers(head);
        boolean mustNameHost = version.equals(HttpVersion.HTTP_1_1);
        if (mustNameHost && headers.all("Host").size() != 1) {
            throw new Refused(400, headers.has("Host") ? "too many Host headers" : "missing required Host header");
        }
        try {
            return Request.of(
                    head.method().name(),
                    originForm(head.uri()),
                    headers,
                    NO_BODY,
                    peer,
                    mustNameHost ? "HTTP/1.1" : "HTTP/1.0");
        } catch (IllegalArgumentException malformed) {
            throw new Refused(400, "malformed request target");
        }
    }

    /// A proxy's form of the target, `http://host/path`, becomes `/path` (RFC 9112, 3.2.2).
    private static String originForm(String target) {
        int scheme = target.indexOf("://");
        if (target.startsWith("/") || scheme < 0) {
            return target;
        }
        int path = target.indexOf('/', scheme + 3);
        return path < 0 ? "/" : target.substring(path);
    }

    private static Headers headers(HttpRequest head) {
        var from = head.headers();
        var fields = new String[from.size() * 2];
        int i = 0;
        for (var all = from.iteratorAsString(); all.hasNext(); ) {
            Map.Entry<String, String> field = all.next();
            fields[i++] = field.getKey();
            fields[i++] = field.getValue();
        }
        return Headers.trusted(fields);
    }

    /// Whether the client wants to leave HTTP. The upgrade to HTTP/2 in clear text is not one that we follow.
    static boolean asksForUpgrade(Headers headers) {
        return headers.has("Upgrade") && headers.lists("Connection", "Upgrade") && !headers.lists("Upgrade", "h2c");
    }

    static boolean keepsAlive(Request request) {
        return request.protocol().equals("HTTP/1.1")
                ? !request.headers().lists("Connection", "close")
                : request.headers().lists("Connection", "keep-alive");
    }
}
