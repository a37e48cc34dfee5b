package dev.kapal.apiserver.streaming;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.http.Headers;
import dev.kapal.http.spdy.SpdyConnection;
import dev.kapal.http.spdy.SpdyStream;
import dev.kapal.http.websocket.WebSocket;
import dev.kapal.model.codec.DecodeException;
import dev.kapal.model.codec.DocumentDecoder;
import dev.kapal.model.codec.MediaType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Translates one exec or attach between a WebSocket client and an agent that speaks SPDY. Used once, by the thread
/// of
/// the request; one more thread per direction and stream.
///
///     client ──WebSocket──► stdin, resize ──SPDY──► agent
///     client ◄──WebSocket── stdout, stderr, then the exit status on `error` ◄──SPDY── agent
final class CommandTranslator {
    private static final Log log = Log.of(CommandTranslator.class);
    private static final Duration OPEN_LIMIT = Duration.ofSeconds(30);
    private static final byte[] SUCCESS =
            "{\"metadata\":{},\"status\":\"Success\"}".getBytes(StandardCharsets.US_ASCII);

    private final ChannelProtocol protocol;
    private final CommandOptions options;
    private final WebSocket client;
    private final SpdyConnection agent;
    private final Life life;

    CommandTranslator(
            ChannelProtocol protocol, CommandOptions options, WebSocket client, SpdyConnection agent, Life life) {
        this.protocol = protocol;
        this.options = options;
        this.client = client;
        this.agent = agent;
        this.life = life;
    }

    /// Returns when the command has ended and the client knows how, or when either side has gone.
    void run() throws InterruptedException {
        try (client;
                agent) {
            var error = open("error");
            var stdin = options.stdin() ? Optional.of(open("stdin")) : Optional.<SpdyStream>empty();
            var outputs = new ArrayList<Thread>();
            if (options.stdout()) {
                outputs.add(forward(open("stdout"), ChannelProtocol.STDOUT));
            }
            if (options.stderr()) {
                outputs.add(forward(open("stderr"), ChannelProtocol.STDERR));
            }
            var resize = options.tty() ? Optional.of(open("resize")) : Optional.<SpdyStream>empty();
            greet();
            life.spawn("stdin", () -> receive(stdin, resize));
            byte[] status = status(error);
            for (var output : outputs) {
                output.join();
            }
            sendStatus(status);
        } catch (IOException gone) {
            log.debug("a remote command broke off", "why", gone.getMessage());
        }
    }

    private SpdyStream open(String type) throws IOException, InterruptedException {
        return agent.open(Headers.of("streamtype", type), OPEN_LIMIT);
    }

    /// An empty message on the first stream that we write tells the client that all is connected.
    private void greet() throws IOException {
        int channel = ChannelProtocol.ERROR;
        if (options.stdout()) {
            channel = ChannelProtocol.STDOUT;
        } else if (options.stderr()) {
            channel = ChannelProtocol.STDERR;
        }
        protocol.send(client, channel, new byte[0], 0);
    }

    private Thread forward(SpdyStream from, int channel) {
        return life.spawn("output", () -> {
            var buffer = new byte[32 * 1024];
            try {
                for (int count = from.input().read(buffer);
                        count >= 0;
                        count = from.input().read(buffer)) {
                    protocol.send(client, channel, buffer, count);
                }
            } catch (IOException gone) {
                agent.close(); // the client left, or the agent did: either way nothing more will be said
            }
        });
    }

    /// Hands on what the client sends until it goes away; then the command loses its terminal.
    private void receive(Optional<SpdyStream> stdin, Optional<SpdyStream> resize) {
        try {
            for (var message = client.read(); message.isPresent(); message = client.read()) {
                var piece = protocol.read(message.get());
                if (piece.isPresent()) {
                    take(piece.get(), stdin, resize);
                }
            }
        } catch (IOException broken) {
            log.debug("a client broke off", "why", broken.getMessage());
        }
        agent.close();
    }

    private static void take(ChannelProtocol.Piece piece, Optional<SpdyStream> stdin, Optional<SpdyStream> resize)
            throws IOException {
        switch (piece.channel()) {
            case ChannelProtocol.STDIN -> write(stdin, piece.bytes());
            case ChannelProtocol.RESIZE -> write(resize, piece.bytes());
            case ChannelProtocol.CLOSE -> {
                if (piece.bytes().length == 1 && piece.bytes()[0] == ChannelProtocol.STDIN && stdin.isPresent()) {
                    stdin.get().output().close();
                }
            }
            default -> {} // clients have nothing to say on the others
        }
    }

    /// A command that has closed its input does not end the conversation.
    private static void write(Optional<SpdyStream> to, byte[] bytes) {
        if (to.isEmpty()) {
            return;
        }
        try {
            OutputStream output = to.get().output();
            output.write(bytes);
        } catch (IOException closed) {
            log.debug("input after the end is dropped", "bytes", bytes.length);
        }
    }

    private static byte[] status(SpdyStream error) throws IOException {
        var status = new ByteArrayOutputStream();
        try {
            error.input().transferTo(status);
        } catch (IOException broken) {
            if (status.size() == 0) {
                throw broken;
            }
        }
        return status.toByteArray();
    }

    private void sendStatus(byte[] status) throws IOException {
        byte[] message;
        if (protocol.version() >= 4) {
            message = status.length == 0 ? SUCCESS : status;
        } else {
            message = oldMessage(status);
        }
        if (message.length > 0) {
            protocol.send(client, ChannelProtocol.ERROR, message, message.length);
        }
    }

    /// Clients before version 4 get the message alone, and nothing when all went well.
    private static byte[] oldMessage(byte[] status) {
        if (status.length == 0) {
            return status;
        }
        try {
            var document = new DocumentDecoder().decode(status, MediaType.JSON).document();
            return document.path("status").asText().equals("Success")
                    ? new byte[0]
                    : document.path("message").asText().getBytes(StandardCharsets.UTF_8);
        } catch (DecodeException text) {
            return status;
        }
    }

    /// What a client hears that cannot be served, before anything was upgraded.
    static ApiException unknownProtocol(List<String> offered) {
        return ApiException.badRequest("unable to negotiate a WebSocket subprotocol: client offered " + offered);
    }
}
