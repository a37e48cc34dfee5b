package dev.kapal.http.websocket;

import dev.kapal.http.Duplex;
import dev.kapal.http.Exchange;
import dev.kapal.http.Headers;
import dev.kapal.http.Request;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// One end of a WebSocket. One thread reads, any thread sends. Source: RFC 6455.
public final class WebSocket implements AutoCloseable {
    public static final int NORMAL = 1000;
    private static final int PROTOCOL_ERROR = 1002;
    private static final int TOO_BIG = 1009;
    /// Far more than Kubernetes' clients put into one message.
    private static final int MAX_MESSAGE = 4 * 1024 * 1024;

    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final Duplex duplex;
    private final boolean client;
    private final DataInputStream input;
    private final OutputStream output;
    /// Orders frames on the wire.
    private final ReentrantLock sending = new ReentrantLock();

    private volatile boolean closeSent;

    private WebSocket(Duplex duplex, boolean client) {
        this.duplex = duplex;
        this.client = client;
        this.input = new DataInputStream(new BufferedInputStream(duplex.input(), 32 * 1024));
        this.output = duplex.output();
    }

    /// A whole message.
    public record Message(boolean text, byte[] bytes) {}

    /// Whether the client asks for a WebSocket.
    public static boolean isAskedFor(Request request) {
        return request.headers().lists("Upgrade", "websocket")
                && request.headers().lists("Connection", "Upgrade");
    }

    /// Grants the upgrade.
    ///
    /// @param subprotocol the one chosen of those that the client offered; empty for none
    /// @throws IOException when the client's handshake is not one
    public static WebSocket accept(Exchange exchange, String subprotocol) throws IOException {
        var key = exchange.request()
                .header("Sec-WebSocket-Key")
                .orElseThrow(() -> new IOException("the handshake has no key"));
        var headers = Headers.builder().add("Sec-WebSocket-Accept", acceptance(key));
        if (!subprotocol.isEmpty()) {
            headers.add("Sec-WebSocket-Protocol", subprotocol);
        }
        return new WebSocket(exchange.upgrade("websocket", headers.build()), false);
    }

    /// The client's end of a connection that was upgraded already.
    public static WebSocket client(Duplex duplex) {
        return new WebSocket(duplex, true);
    }

    /// How long sending may wait for a peer that takes nothing at all; for ever unless this is called.
    public void patience(Duration limit) {
        duplex.patience(limit);
    }

    /// What a server answers to a client's key.
    public static String acceptance(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key.strip() + MAGIC).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    /// The next message; empty once the peer has closed. Answers pings on the way.
    ///
    /// @throws IOException when the peer breaks the protocol or has gone without a word
    public Optional<Message> read() throws IOException {
        var message = new ByteArrayOutputStream();
        int kind = 0;
        while (true) {
            Frame frame;
            try {
                frame = frame();
            } catch (EOFException gone) {
                return Optional.empty();
            }
            switch (frame.code()) {
                case Frame.PING -> send(Frame.PONG, frame.payload(), 0, frame.payload().length);
                case Frame.PONG -> {} // nothing waits for it
                case Frame.CLOSE -> {
                    answerClose(frame.payload());
                    return Optional.empty();
                }
                case Frame.TEXT, Frame.BINARY, Frame.CONTINUATION -> {
                    kind = kind(kind, frame.code());
                    message.writeBytes(frame.payload());
                    if (message.size() > MAX_MESSAGE) {
                        throw broken(TOO_BIG, "message too big");
                    }
                    if (frame.last()) {
                        return Optional.of(new Message(kind == Frame.TEXT, message.toByteArray()));
                    }
                }
                default -> throw broken(PROTOCOL_ERROR, "unknown frame");
            }
        }
    }

    private int kind(int known, int code) throws IOException {
        boolean continues = code == Frame.CONTINUATION;
        if (continues != (known != 0)) {
            throw broken(PROTOCOL_ERROR, "unexpected fragment");
        }
        return continues ? known : code;
    }

    private Frame frame() throws IOException {
        var frame = Frame.read(input, MAX_MESSAGE);
        if (frame.length() > MAX_MESSAGE) {
            throw broken(TOO_BIG, "message too big");
        }
        if (frame.reserved() || frame.masked() == client || frame.isMalformedControl()) {
            throw broken(PROTOCOL_ERROR, "malformed frame");
        }
        return frame;
    }

    private IOException broken(int code, String why) {
        close(code, why);
        return new IOException(why);
    }

    public void sendBinary(byte[] bytes, int offset, int length) throws IOException {
        send(Frame.BINARY, bytes, offset, length);
    }

    public void sendText(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        sendText(bytes, 0, bytes.length);
    }

    /// @param utf8 whole characters
    public void sendText(byte[] utf8, int offset, int length) throws IOException {
        send(Frame.TEXT, utf8, offset, length);
    }

    private void send(int code, byte[] bytes, int offset, int length) throws IOException {
        byte[] frame = Frame.encode(code, bytes, offset, length, client);
        sending.lock();
        try {
            if (closeSent) {
                throw new IOException("the WebSocket is closed");
            }
            output.write(frame);
            output.flush();
            closeSent = code == Frame.CLOSE;
        } finally {
            sending.unlock();
        }
    }

    private void answerClose(byte[] payload) {
        try {
            send(Frame.CLOSE, payload, 0, Math.min(payload.length, 2));
        } catch (IOException alreadyClosed) {
            return;
        }
    }

    /// Says why and closes the connection. Closing twice is harmless.
    public void close(int code, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        var payload = new byte[2 + Math.min(text.length, 123)];
        payload[0] = (byte) (code >>> 8);
        payload[1] = (byte) code;
        System.arraycopy(text, 0, payload, 2, payload.length - 2);
        try {
            send(Frame.CLOSE, payload, 0, payload.length);
        } catch (IOException alreadyClosed) {
            duplex.close();
            return;
        }
        duplex.close();
    }

    @Override
    public void close() {
        close(NORMAL, "");
    }
}
