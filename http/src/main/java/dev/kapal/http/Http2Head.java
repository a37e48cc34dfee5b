package dev.kapal.http;

import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;

/// The head of an HTTP/2 request in our words. Stateless.
final class Http2Head {
    private static final byte[] NO_BODY = new byte[0];

    private Http2Head() {}

    /// `:authority` becomes the `Host` that HTTP/1 clients send.
    ///
    /// @throws IllegalArgumentException when a pseudo-header is missing or malformed
    static Request read(Http2Headers from, Peer peer) {
        if (from.method() == null || from.path() == null) {
            throw new IllegalArgumentException("not a request");
        }
        var fields = new ArrayList<String>(from.size() * 2);
        if (from.authority() != null) {
            fields.add("Host");
            fields.add(from.authority().toString());
        }
        for (var field : from) {
            String name = field.getKey().toString();
            if (!name.startsWith(":")) {
                fields.add(name);
                fields.add(field.getValue().toString());
            }
        }
        return Request.of(
                from.method().toString(),
                from.path().toString(),
                Headers.trusted(fields.toArray(String[]::new)),
                NO_BODY,
                peer,
                "HTTP/2.0");
    }
}
