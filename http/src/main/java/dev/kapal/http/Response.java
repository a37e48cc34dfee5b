package dev.kapal.http;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// A whole answer. Immutable: the arrays are not copied, so nobody changes them.
///
/// The server adds `Content-Length` and `Date`.
public record Response(int status, Headers headers, List<byte[]> body) {
    public Response {
        body = List.copyOf(body);
    }

    public static Response of(int status, String contentType, byte[] body) {
        return new Response(status, Headers.of("Content-Type", contentType), List.of(body));
    }

    public static Response json(int status, byte[] body) {
        return of(status, "application/json", body);
    }

    public static Response text(int status, String body) {
        return of(status, "text/plain; charset=utf-8", body.getBytes(StandardCharsets.UTF_8));
    }

    public static Response empty(int status) {
        return new Response(status, Headers.NONE, List.of());
    }

    public Response with(String name, String value) {
        return new Response(status, headers.with(name, value), body);
    }

    public long length() {
        long length = 0;
        for (byte[] part : body) {
            length += part.length;
        }
        return length;
    }
}
