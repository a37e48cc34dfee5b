package dev.kapal.http;

import dev.kapal.base.time.Time;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Writes one answer on an HTTP/2 stream. Called by the handler's thread.
final class Http2Wire implements Wire {
    /// Meaningful for HTTP/1 connections only (RFC 9113, 8.2.2).
    private static final Set<String> DROPPED =
            Set.of("connection", "keep-alive", "transfer-encoding", "upgrade", "proxy-connection");

    private final Channel stream;
    private final boolean headOnly;
    private final Time time;

    Http2Wire(Channel stream, boolean headOnly, Time time) {
        this.stream = stream;
        this.headOnly = headOnly;
        this.time = time;
    }

    @Override
    public void whole(Response response) {
        goAwayIfAsked(response.headers());
        var fields = fields(response.status(), response.headers());
        boolean none = response.status() < 200 || response.status() == 204 || response.status() == 304;
        long length = response.length();
        if (!none && !fields.contains("content-length")) {
            fields.setLong("content-length", length);
        }
        boolean silent = none || headOnly || length == 0;
        var head = new DefaultHttp2HeadersFrame(fields, silent);
        if (silent) {
            stream.writeAndFlush(head, stream.voidPromise());
        } else {
            stream.write(head, stream.voidPromise());
            stream.writeAndFlush(new DefaultHttp2DataFrame(wrapped(response.body()), true), stream.voidPromise());
        }
    }

    @Override
    public void head(int status, Headers headers) {
        goAwayIfAsked(headers);
        stream.writeAndFlush(new DefaultHttp2HeadersFrame(fields(status, headers), false), stream.voidPromise());
    }

    /// Before the answer, so that who has the answer knows it. Streams that are under way go on, those too that the
    /// client begins before it hears; for what comes then it opens another connection.
    private void goAwayIfAsked(Headers headers) {
        if (headers.lists("Connection", "close")) {
            stream.parent()
                    .writeAndFlush(
                            new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR).setExtraStreamIds(Integer.MAX_VALUE));
        }
    }

    private Http2Headers fields(int status, Headers headers) {
        var fields = new DefaultHttp2Headers(false);
        fields.status(Integer.toString(status));
        headers.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!DROPPED.contains(lower)) {
                fields.add(lower, value);
            }
        });
        if (!fields.contains("date")) {
            fields.add("date", Http1Encoding.date(time));
        }
        return fields;
    }

    @Override
    public void data(List<byte[]> parts, int length, Runnable sent) {
        if (headOnly) {
            sent.run();
            return;
        }
        stream.writeAndFlush(new DefaultHttp2DataFrame(wrapped(parts), false)).addListener(done -> sent.run());
    }

    @Override
    public void end() {
        stream.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.EMPTY_BUFFER, true), stream.voidPromise());
    }

    @Override
    public void abort() {
        stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR), stream.voidPromise());
    }

    @Override
    public Duplex upgrade(String protocol, Headers headers) throws IOException {
        throw new IOException("HTTP/2 has no upgrades");
    }

    private static ByteBuf wrapped(List<byte[]> parts) {
        return parts.size() == 1
                ? Unpooled.wrappedBuffer(parts.getFirst())
                : Unpooled.wrappedBuffer(parts.size(), parts.toArray(byte[][]::new));
    }
}
