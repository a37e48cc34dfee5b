package dev.kapal.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// One keep-alive HTTP/1.1 connection over TLS with as little work of its own as possible, so that a benchmark measures
/// the server. One thread at a time.
final class Connection implements AutoCloseable {
    private final SSLSocket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] line = new byte[8 << 10];

    Connection(SSLContext tls, String host, int port) throws IOException {
        socket = (SSLSocket) tls.getSocketFactory().createSocket(host, port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(60_000);
        in = new BufferedInputStream(socket.getInputStream(), 64 << 10);
        out = socket.getOutputStream();
    }

    /// A request, encoded once and sent many times.
    static byte[] request(String method, String path, byte[] body) {
        return request(method, path, "application/json", body);
    }

    /// @param type of the body
    static byte[] request(String method, String path, String type, byte[] body) {
        var head = new StringBuilder(method)
                .append(' ')
                .append(path)
                .append(" HTTP/1.1\r\nHost: kapal\r\nAccept: application/json\r\n");
        if (body.length > 0) {
            head.append("Content-Type: ")
                    .append(type)
                    .append("\r\nContent-Length: ")
                    .append(body.length)
                    .append("\r\n");
        }
        byte[] first = head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
        var whole = new ByteArrayOutputStream(first.length + body.length);
        whole.writeBytes(first);
        whole.writeBytes(body);
        return whole.toByteArray();
    }

    /// Sends an encoded request and reads the answer away. Answers with its status.
    int exchange(byte[] request) throws IOException {
        out.write(request);
        out.flush();
        int status = head();
        if (chunked) {
            while (chunk() > 0) {
                // read away
            }
        } else {
            in.skipNBytes(length);
        }
        return status;
    }

    /// Sends a request whose answer does not end (a watch). Read it with [#event()].
    void open(byte[] request) throws IOException {
        out.write(request);
        out.flush();
        int status = head();
        if (status != 200) {
            throw new IOException("status " + status);
        }
    }

    /// Blocks for the next chunk of an endless answer; its length in bytes, 0 at the end.
    int chunk() throws IOException {
        int size = Integer.parseInt(readLine(), 16);
        in.skipNBytes(size + 2);
        return size;
    }

    private long length;
    private boolean chunked;

    private int head() throws IOException {
        String status = readLine();
        length = 0;
        chunked = false;
        for (String header = readLine(); !header.isEmpty(); header = readLine()) {
            if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Long.parseLong(header.substring(15).strip());
            } else if (header.regionMatches(true, 0, "transfer-encoding: chunked", 0, 26)) {
                chunked = true;
            }
        }
        return Integer.parseInt(status.substring(9, 12));
    }

    private String readLine() throws IOException {
        int size = 0;
        while (true) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (b == '\n') {
                return new String(
                        line, 0, size > 0 && line[size - 1] == '\r' ? size - 1 : size, StandardCharsets.US_ASCII);
            }
            line[size++] = (byte) b;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
