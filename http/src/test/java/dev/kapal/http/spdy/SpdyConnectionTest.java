package dev.kapal.http.spdy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.http.Duplexes;
import dev.kapal.http.Headers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdySynReplyFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyHeadersFrame;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.Adler32;
import org.junit.jupiter.api.Test;

class SpdyConnectionTest {
    private static final Duration SOON = Duration.ofSeconds(5);

    private final Duplexes wire = Duplexes.pair();

    @Test
    void knowsTheDictionaryOfTheSpecification() {
        var sum = new Adler32();
        sum.update(HeaderBlocks.DICTIONARY);
        assertThat(sum.getValue()).isEqualTo(0xe3c6a7c2L);
    }

    @Test
    void carriesStreamsBothWaysWithTheirHeaders() throws Exception {
        try (var client = SpdyConnection.client(wire.left());
                var server = SpdyConnection.server(wire.right())) {
            for (var type : new String[] {"error", "stdin", "stdout"}) {
                var ours = client.open(Headers.of("streamType", type, "port", "80"), SOON);
                var theirs = server.accept().orElseThrow();
                assertThat(theirs.headers().first("streamtype")).contains(type);
                ours.output().write(("to " + type).getBytes(UTF_8));
                ours.output().close();
                assertThat(new String(theirs.input().readAllBytes(), UTF_8)).isEqualTo("to " + type);
                theirs.output().write(("from " + type).getBytes(UTF_8));
                theirs.output().close();
                assertThat(new String(ours.input().readAllBytes(), UTF_8)).isEqualTo("from " + type);
            }
        }
    }

    @Test
    void carriesMuch() throws Exception {
        try (var client = SpdyConnection.client(wire.left());
                var server = SpdyConnection.server(wire.right())) {
            var ours = client.open(Headers.of("streamtype", "data"), SOON);
            var theirs = server.accept().orElseThrow();
            var much = new byte[5_000_000];
            Arrays.fill(much, (byte) 7);
            var writer = Thread.startVirtualThread(() -> {
                try (var out = ours.output()) {
                    out.write(much);
                } catch (IOException broken) {
                    throw new UncheckedIOException(broken);
                }
            });
            assertThat(theirs.input().readAllBytes()).isEqualTo(much);
            writer.join();
        }
    }

    @Test
    void endsItsStreamsWithTheConnection() throws Exception {
        try (var client = SpdyConnection.client(wire.left())) {
            var server = SpdyConnection.server(wire.right());
            var ours = client.open(Headers.of("streamtype", "data"), SOON);
            server.close();
            assertThatThrownBy(() -> ours.input().read()).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> client.open(Headers.NONE, SOON)).isInstanceOf(IOException.class);
        }
    }

    /// Netty's codec stands for the implementations of others.
    @Test
    void isReadByOthers() throws Exception {
        var other = new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1, false));
        try (var client = SpdyConnection.client(wire.left())) {
            var opened = new CompletableFuture<SpdyStream>();
            Thread.startVirtualThread(() -> {
                try {
                    opened.complete(client.open(Headers.of("streamType", "stdin"), SOON));
                } catch (IOException | InterruptedException broken) {
                    opened.completeExceptionally(broken);
                }
            });
            var in = new DataInputStream(wire.right().input());
            var head = in.readNBytes(8);
            int length = (head[5] & 0xff) << 16 | (head[6] & 0xff) << 8 | head[7] & 0xff;
            other.writeInbound(Unpooled.wrappedBuffer(head, in.readNBytes(length)));
            SpdySynStreamFrame frame = other.readInbound();
            assertThat(frame.streamId()).isEqualTo(1);
            assertThat(frame.headers().getAsString("streamtype")).isEqualTo("stdin");
            SpdyHeadersFrame reply = new DefaultSpdySynReplyFrame(1);
            other.writeOutbound(reply);
            ByteBuf bytes = other.readOutbound();
            var raw = new byte[bytes.readableBytes()];
            bytes.readBytes(raw);
            wire.right().output().write(raw);
            assertThat(opened.get(5, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void readsOthers() throws Exception {
        var other = new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1, false));
        try (var server = SpdyConnection.server(wire.right())) {
            for (int id = 1; id < 7; id += 2) {
                var opening = new DefaultSpdySynStreamFrame(id, 0, (byte) 0);
                opening.headers().add("streamtype", "error").add("requestid", "" + id);
                other.writeOutbound(opening);
                ByteBuf bytes = other.readOutbound();
                var raw = new byte[bytes.readableBytes()];
                bytes.readBytes(raw);
                wire.left().output().write(raw);
                var stream = server.accept().orElseThrow();
                assertThat(stream.headers().first("requestid")).contains("" + id);
            }
        }
    }
}
