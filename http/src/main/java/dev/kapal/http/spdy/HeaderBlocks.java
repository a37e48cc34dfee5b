package dev.kapal.http.spdy;

import dev.kapal.http.Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// Compresses and expands header blocks with the state that one connection keeps in each direction (SPDY/3,
/// 2.6.10). One
/// thread per direction; both ends must see every block in the order of the wire.
final class HeaderBlocks implements AutoCloseable {
    /// More than any sensible set of headers; guards against blocks that expand without end.
    private static final int MAX_EXPANDED = 256 * 1024;

    private static final String[] WORDS = {
        "options",
        "head",
        "post",
        "put",
        "delete",
        "trace",
        "accept",
        "accept-charset",
        "accept-encoding",
        "accept-language",
        "accept-ranges",
        "age",
        "allow",
        "authorization",
        "cache-control",
        "connection",
        "content-base",
        "content-encoding",
        "content-language",
        "content-length",
        "content-location",
        "content-md5",
        "content-range",
        "content-type",
        "date",
        "etag",
        "expect",
        "expires",
        "from",
        "host",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "last-modified",
        "location",
        "max-forwards",
        "pragma",
        "proxy-authenticate",
        "proxy-authorization",
        "range",
        "referer",
        "retry-after",
        "server",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "vary",
        "via",
        "warning",
        "www-authenticate",
        "method",
        "get",
        "status",
        "200 OK",
        "version",
        "HTTP/1.1",
        "url",
        "public",
        "set-cookie",
        "keep-alive",
        "origin"
    };
    private static final String REST =
            "100101201202205206300302303304305306307402405406407408409410411412413414415416417"
                    + "502504505203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized"
                    + "403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service Unavailable"
                    + "Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMT"
                    + "chunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,"
                    + "text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.";

    /// Both ends start from these bytes.
    static final byte[] DICTIONARY = dictionary();

    private final Deflater deflater = new Deflater();
    private final Inflater inflater = new Inflater();

    HeaderBlocks() {
        deflater.setDictionary(DICTIONARY);
    }

    byte[] compress(Headers headers) {
        deflater.setInput(plain(headers));
        var out = new ByteArrayOutputStream(128);
        var buffer = new byte[1024];
        int count;
        do {
            count = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
            out.write(buffer, 0, count);
        } while (count == buffer.length);
        return out.toByteArray();
    }

    Headers expand(byte[] block, int offset, int length) throws IOException {
        inflater.setInput(block, offset, length);
        var out = new ByteArrayOutputStream(256);
        var buffer = new byte[1024];
        try {
            while (true) {
                int count = inflater.inflate(buffer);
                if (count == 0 && inflater.needsDictionary()) {
                    inflater.setDictionary(DICTIONARY);
                    continue;
                }
                if (count == 0) {
                    return out.size() == 0 ? Headers.NONE : headers(ByteBuffer.wrap(out.toByteArray()));
                }
                out.write(buffer, 0, count);
                if (out.size() > MAX_EXPANDED) {
                    throw new IOException("SPDY headers are too large");
                }
            }
        } catch (DataFormatException | IllegalArgumentException broken) {
            throw new IOException("broken SPDY headers", broken);
        }
    }

    private static byte[] plain(Headers headers) {
        var names = List.copyOf(headers.names());
        var out = new ByteArrayOutputStream(128);
        number(out, names.size());
        for (var name : names) {
            text(out, name.toLowerCase(Locale.ROOT));
            text(out, String.join("\0", headers.all(name)));
        }
        return out.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(out, bytes.length);
        out.writeBytes(bytes);
    }

    private static void number(ByteArrayOutputStream out, int number) {
        out.writeBytes(ByteBuffer.allocate(4).putInt(number).array());
    }

    private static Headers headers(ByteBuffer block) throws IOException {
        var headers = Headers.builder();
        try {
            for (int left = block.getInt(); left > 0; left--) {
                String name = text(block);
                for (var value : text(block).split("\0")) {
                    headers.add(name, value);
                }
            }
        } catch (BufferUnderflowException | IllegalArgumentException malformed) {
            throw new IOException("broken SPDY headers", malformed);
        }
        return headers.build();
    }

    private static String text(ByteBuffer block) throws IOException {
        int length = block.getInt();
        if (length < 0 || length > block.remaining()) {
            throw new IOException("broken SPDY headers");
        }
        var bytes = new byte[length];
        block.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] dictionary() {
        var out = new ByteArrayOutputStream(1500);
        for (var word : WORDS) {
            text(out, word);
        }
        out.writeBytes(REST.getBytes(StandardCharsets.US_ASCII));
        return out.toByteArray();
    }

    @Override
    public void close() {
        deflater.end();
        inflater.end();
    }
}
