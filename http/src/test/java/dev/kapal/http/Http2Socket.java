package dev.kapal.http;

import dev.kapal.pki.TlsContexts;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.net.ssl.SSLSocket;

/// Speaks HTTP/2 frame by frame, also such as no client library would send. Source: RFC 9113.
final class Http2Socket implements AutoCloseable {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RESET = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int CONTINUATION = 9;
    private static final int NEVER_SENT = -1;

    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    /// `GET https://localhost/`, from HPACK's static table but for the authority.
    static final byte[] GET = {
        (byte) 0x82, (byte) 0x87, (byte) 0x84, 0x41, 9, 'l', 'o', 'c', 'a', 'l', 'h', 'o', 's', 't'
    };

    private final SSLSocket socket;
    private final DataInputStream in;

    Http2Socket(int port) throws IOException {
        var context = TlsContexts.client(Optional.empty(), TestServer.AUTHORITY.roots());
        socket = (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        var parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(20_000);
        in = new DataInputStream(socket.getInputStream());
        socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        send(frame(SETTINGS, 0, 0));
    }

    static byte[] frame(int type, int flags, int stream, byte... payload) {
        var frame = new ByteArrayOutputStream();
        frame.write(payload.length >>> 16);
        frame.write(payload.length >>> 8);
        frame.write(payload.length);
        frame.write(type);
        frame.write(flags);
        for (int shift = 24; shift >= 0; shift -= 8) {
            frame.write(stream >>> shift);
        }
        frame.writeBytes(payload);
        return frame.toByteArray();
    }

    void send(byte[] frames) throws IOException {
        socket.getOutputStream().write(frames);
    }

    /// Sends `frames` again and again, until the server has had enough of it; it need not notice before the last of
    /// them is on its way. Throws when the server puts up with everything.
    void flood(byte[] frames) throws IOException {
        try {
            for (int i = 0; i < 1_000; i++) {
                send(frames);
            }
        } catch (SocketException closed) {
            return;
        }
        next(NEVER_SENT); // until the connection ends
    }

    record Frame(int type, int flags, int stream, byte[] payload) {
        /// The reason that a GOAWAY or a RESET gives.
        int error() {
            int at = type == GOAWAY ? 4 : 0;
            return (payload[at] & 0xff) << 24
                    | (payload[at + 1] & 0xff) << 16
                    | (payload[at + 2] & 0xff) << 8
                    | payload[at + 3] & 0xff;
        }
    }

    /// The next frame of this type; empty when the connection ends before.
    Optional<Frame> next(int wanted) throws IOException {
        try {
            while (true) {
                int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
                int type = in.readUnsignedByte();
                int flags = in.readUnsignedByte();
                int stream = in.readInt();
                var payload = in.readNBytes(length);
                if (type == wanted) {
                    return Optional.of(new Frame(type, flags, stream, payload));
                }
            }
        } catch (EOFException | SocketException end) {
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
