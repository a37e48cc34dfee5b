package dev.kapal.http.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// The chunked coding (RFC 9112, 7.1). An instance reads one body; one thread.
final class Chunks extends InputStream {
    private static final int BUFFER = 16 * 1024;

    private final InputStream from;
    private long left;
    private boolean first = true;
    private boolean ended;

    Chunks(InputStream from) {
        this.from = from;
    }

    /// Sends all of `body` in chunks as it comes.
    static void send(InputStream body, OutputStream to) throws IOException {
        var buffer = new byte[BUFFER];
        for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
            if (count > 0) {
                to.write((Integer.toHexString(count) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                to.write(buffer, 0, count);
                to.write(new byte[] {'\r', '\n'});
                to.flush();
            }
        }
        to.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (left == 0 && !next()) {
            return -1;
        }
        int count = from.read(into, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw new IOException("the body broke off");
        }
        left -= count;
        return count;
    }

    /// Goes to the next chunk; false at the end.
    private boolean next() throws IOException {
        if (ended) {
            return false;
        }
        if (!first && !ResponseReader.line(from).isEmpty()) {
            throw new IOException("malformed chunk");
        }
        first = false;
        String size = ResponseReader.line(from);
        int extension = size.indexOf(';');
        try {
            left = Long.parseLong(
                    extension < 0 ? size.strip() : size.substring(0, extension).strip(), 16);
        } catch (NumberFormatException malformed) {
            throw new IOException("malformed chunk size", malformed);
        }
        if (left < 0) {
            throw new IOException("malformed chunk size");
        }
        if (left == 0) {
            ended = true;
            while (!ResponseReader.line(from).isEmpty()) {
                continue; // trailers say nothing to us
            }
        }
        return left > 0;
    }
}
