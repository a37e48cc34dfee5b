package dev.kapal.http.client;

import dev.kapal.http.Headers;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/// Reads the head of an HTTP/1 answer and finds out how its body ends (RFC 9112, 6). Stateless.
final class ResponseReader {
    private static final int MAX_LINE = 64 * 1024;
    private static final int MAX_FIELDS = 1000;

    private ResponseReader() {}

    static ClientConnection.Answer read(InputStream from, String method) throws IOException {
        while (true) {
            String first = line(from);
            int status = status(first);
            var headers = headers(from);
            if (status == 101 || status >= 200) {
                var body = body(from, method, status, headers);
                boolean goesOn = first.startsWith("HTTP/1.1")
                        && status != 101
                        && body != from
                        && !headers.lists("Connection", "close");
                return new ClientConnection.Answer(status, headers, body, goesOn);
            }
        }
    }

    private static int status(String line) throws IOException {
        String[] parts = line.split(" ", 3);
        try {
            if (parts.length >= 2 && parts[0].startsWith("HTTP/1.")) {
                return Integer.parseInt(parts[1]);
            }
        } catch (NumberFormatException malformed) {
            throw new IOException("malformed HTTP response", malformed);
        }
        throw new IOException("malformed HTTP response");
    }

    private static Headers headers(InputStream from) throws IOException {
        var headers = Headers.builder();
        int count = 0;
        for (String line = line(from); !line.isEmpty(); line = line(from)) {
            int colon = line.indexOf(':');
            if (colon <= 0 || ++count > MAX_FIELDS) {
                throw new IOException("malformed header in the response");
            }
            try {
                headers.add(line.substring(0, colon), line.substring(colon + 1).strip());
            } catch (IllegalArgumentException malformed) {
                throw new IOException("malformed header in the response", malformed);
            }
        }
        return headers.build();
    }

    private static InputStream body(InputStream from, String method, int status, Headers headers) throws IOException {
        if (method.equals("HEAD") || status == 101 || status == 204 || status == 304) {
            return InputStream.nullInputStream();
        }
        if (headers.lists("Transfer-Encoding", "chunked")) {
            return new Chunks(from);
        }
        var length = headers.first("Content-Length");
        if (length.isEmpty()) {
            return from;
        }
        try {
            return new Exactly(from, Long.parseLong(length.get()));
        } catch (NumberFormatException malformed) {
            throw new IOException("malformed Content-Length in the response", malformed);
        }
    }

    /// A line without its end.
    static String line(InputStream from) throws IOException {
        var line = new StringBuilder(64);
        for (int c = from.read(); c != '\n'; c = from.read()) {
            if (c < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (line.length() == MAX_LINE) {
                throw new IOException("the server sent too long a line");
            }
            line.append((char) c);
        }
        int end = line.length();
        if (end > 0 && line.charAt(end - 1) == '\r') {
            line.setLength(end - 1);
        }
        return line.toString();
    }

    /// A body of known length.
    private static final class Exactly extends InputStream {
        private final InputStream from;
        private long left;

        Exactly(InputStream from, long left) {
            this.from = from;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (left <= 0) {
                return -1;
            }
            int count = from.read(into, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException("the body broke off");
            }
            left -= count;
            return count;
        }
    }
}
