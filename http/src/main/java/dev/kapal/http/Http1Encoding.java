package dev.kapal.http;

import dev.kapal.base.time.Time;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/// Heads of HTTP/1.1 answers as bytes. Stateless but for the cached date.
final class Http1Encoding {
    static final byte[] CONTINUE = ascii("HTTP/1.1 100 Continue\r\n\r\n");
    static final byte[] CRLF = ascii("\r\n");
    static final byte[] LAST_CHUNK = ascii("0\r\n\r\n");
    /// Up to this size copying is cheaper than keeping pieces apart.
    private static final int COPIED = 16 * 1024;

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private record Stamp(long second, String text) {}

    private static volatile Stamp stamp = new Stamp(0, "");

    private Http1Encoding() {}

    static String date(Time time) {
        long second = time.instant().getEpochSecond();
        var known = stamp;
        if (known.second() != second) {
            known = new Stamp(second, DATE.format(time.instant()));
            stamp = known;
        }
        return known.text();
    }

    /// The status line and the fields, without the empty line at the end.
    static StringBuilder head(int status, Headers headers, Time time) {
        var head = new StringBuilder(256);
        head.append("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(reason(status))
                .append("\r\n");
        headers.forEach((name, value) -> field(head, name, value));
        if (!headers.has("Date")) {
            field(head, "Date", date(time));
        }
        return head;
    }

    static void field(StringBuilder head, String name, String value) {
        head.append(name).append(": ").append(value).append("\r\n");
    }

    /// Head and body in one buffer when the body is small, else side by side without a copy.
    static ByteBuf join(ByteBufAllocator allocator, CharSequence head, List<byte[]> body, int length) {
        if (length <= COPIED) {
            var all = allocator.heapBuffer(head.length() + length);
            all.writeCharSequence(head, StandardCharsets.ISO_8859_1);
            body.forEach(all::writeBytes);
            return all;
        }
        var parts = new byte[body.size() + 1][];
        parts[0] = head.toString().getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < body.size(); i++) {
            parts[i + 1] = body.get(i);
        }
        return Unpooled.wrappedBuffer(parts.length, parts);
    }

    /// The answer to what is not even a request. No more is said than Go's server says.
    static ByteBuf refusal(int status, String why) {
        String line = status + " " + reason(status);
        String text = "HTTP/1.1 " + line + "\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"
                + line + ": " + why;
        return Unpooled.wrappedBuffer(ascii(text));
    }

    static String reason(int status) {
        return HttpResponseStatus.valueOf(status).reasonPhrase();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
