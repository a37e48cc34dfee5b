package dev.kapal.apiserver.streaming;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.http.Request;
import dev.kapal.http.websocket.WebSocket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// How several streams share one WebSocket: each message begins with the number of its stream. Immutable. Source:
/// Kubernetes' `channel.k8s.io` family of subprotocols.
///
/// @param version 5 can end a stream, 4 sends its status as JSON, older ones as text
/// @param base64 messages are text: a digit, then base64
record ChannelProtocol(String name, int version, boolean base64) {
    static final int STDIN = 0;
    static final int STDOUT = 1;
    static final int STDERR = 2;
    static final int ERROR = 3;
    static final int RESIZE = 4;
    /// The next byte names the stream that ends.
    static final int CLOSE = 255;

    /// The best first; the empty name is that of clients that ask for none.
    private static final List<ChannelProtocol> KNOWN = List.of(
            new ChannelProtocol("v5.channel.k8s.io", 5, false),
            new ChannelProtocol("v4.channel.k8s.io", 4, false),
            new ChannelProtocol("v4.base64.channel.k8s.io", 4, true),
            new ChannelProtocol("v3.channel.k8s.io", 3, false),
            new ChannelProtocol("v2.channel.k8s.io", 2, false),
            new ChannelProtocol("channel.k8s.io", 1, false),
            new ChannelProtocol("base64.channel.k8s.io", 1, true));
    private static final ChannelProtocol NAMELESS = new ChannelProtocol("", 1, false);

    /// One message taken apart.
    record Piece(int channel, byte[] bytes) {}

    /// The first of the client's subprotocols that is known here; empty when it offers only others.
    static Optional<ChannelProtocol> choose(Request request) {
        var offered = request.headers().tokens("Sec-WebSocket-Protocol");
        if (offered.isEmpty()) {
            return Optional.of(NAMELESS);
        }
        return offered.stream()
                .flatMap(name -> KNOWN.stream().filter(known -> known.name().equals(name)))
                .findFirst();
    }

    /// Empty for an empty message, which means nothing.
    Optional<Piece> read(WebSocket.Message message) throws IOException {
        byte[] bytes = message.bytes();
        if (bytes.length == 0) {
            return Optional.empty();
        }
        byte[] rest = Arrays.copyOfRange(bytes, 1, bytes.length);
        if (!base64) {
            return Optional.of(new Piece(bytes[0] & 0xff, rest));
        }
        try {
            return Optional.of(new Piece(bytes[0] - '0', Base64.getDecoder().decode(rest)));
        } catch (IllegalArgumentException malformed) {
            throw new IOException("a message is not base64", malformed);
        }
    }

    void send(WebSocket to, int channel, byte[] bytes, int length) throws IOException {
        if (base64) {
            byte[] encoded = Base64.getEncoder().encode(Arrays.copyOf(bytes, length));
            to.sendText(channel + new String(encoded, StandardCharsets.US_ASCII));
            return;
        }
        var message = new byte[length + 1];
        message[0] = (byte) channel;
        System.arraycopy(bytes, 0, message, 1, length);
        to.sendBinary(message, 0, message.length);
    }

    /// Whether a client learns after the upgrade why it cannot be served; others are answered instead of upgraded.
    boolean hearsRefusals() {
        return version >= 5;
    }

    /// Tells the client why nothing will come.
    void refuse(WebSocket client, String why) throws IOException {
        byte[] status = ApiException.internal(why).status().json();
        send(client, ERROR, status, status.length);
    }
}
