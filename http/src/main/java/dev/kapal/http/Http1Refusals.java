package dev.kapal.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;

/// What the decoder could not read, as a status. Stateless.
final class Http1Refusals {
    private Http1Refusals() {}

    static Http1Head.Refused decoder(Throwable cause) {
        return switch (cause) {
            // upstream counts the request line among the headers
            case TooLongHttpLineException line -> new Http1Head.Refused(431, "request line too long");
            case TooLongHttpHeaderException header -> new Http1Head.Refused(431, "headers too large");
            default -> new Http1Head.Refused(400, "malformed request");
        };
    }
}
