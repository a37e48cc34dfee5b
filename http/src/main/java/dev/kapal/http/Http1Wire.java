package dev.kapal.http;

import dev.kapal.base.time.Time;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.DefaultByteBufHolder;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Writes one answer in HTTP/1.1. Made by the event loop, called by the handler's thread.
final class Http1Wire implements Wire {
    /// The end of an answer; [Http1Connection] turns to the next request when it passes.
    static final class Last extends DefaultByteBufHolder {
        private final boolean close;

        Last(ByteBuf bytes, boolean close) {
            super(bytes);
            this.close = close;
        }

        boolean close() {
            return close;
        }
    }

    private final Channel channel;
    private final Request request;
    private final ChannelInput upgradeInput;
    private final Time time;
    private final boolean headOnly;
    private boolean keep;
    private boolean chunked;
    private boolean bodiless;

    /// @param upgradeInput what follows the request, when it asks for an upgrade; else null
    Http1Wire(Channel channel, Request request, boolean keep, ChannelInput upgradeInput, Time time) {
        this.channel = channel;
        this.request = request;
        this.keep = keep;
        this.upgradeInput = upgradeInput;
        this.time = time;
        this.headOnly = request.method().equals("HEAD");
    }

    @Override
    public void whole(Response response) {
        int status = response.status();
        keep &= !response.headers().lists("Connection", "close");
        var head = Http1Encoding.head(status, response.headers(), time);
        boolean none = status < 200 || status == 204 || status == 304;
        long length = response.length();
        if (!none && !(headOnly && response.headers().has("Content-Length"))) {
            Http1Encoding.field(head, "Content-Length", Long.toString(length));
        }
        connection(head, response.headers());
        head.append("\r\n");
        boolean silent = none || headOnly;
        last(Http1Encoding.join(
                channel.alloc(),
                head,
                silent ? List.of() : response.body(),
                silent ? 0 : (int) Math.min(length, Integer.MAX_VALUE)));
    }

    @Override
    public void head(int status, Headers headers) {
        var head = Http1Encoding.head(status, headers, time);
        bodiless = headOnly || status < 200 || status == 204 || status == 304;
        chunked = !bodiless && request.protocol().equals("HTTP/1.1") && !headers.has("Content-Length");
        if (chunked) {
            Http1Encoding.field(head, "Transfer-Encoding", "chunked");
        }
        keep &= (chunked || bodiless || headers.has("Content-Length")) && !headers.lists("Connection", "close");
        connection(head, headers);
        head.append("\r\n");
        channel.writeAndFlush(Http1Encoding.join(channel.alloc(), head, List.of(), 0), channel.voidPromise());
    }

    private void connection(StringBuilder head, Headers headers) {
        if (!keep && !headers.has("Connection")) {
            Http1Encoding.field(head, "Connection", "close");
        } else if (keep && request.protocol().equals("HTTP/1.0")) {
            Http1Encoding.field(head, "Connection", "keep-alive");
        }
    }

    @Override
    public void data(List<byte[]> parts, int length, Runnable sent) {
        if (bodiless) {
            sent.run();
            return;
        }
        ByteBuf bytes = chunked
                ? chunk(channel.alloc(), parts, length)
                : Http1Encoding.join(channel.alloc(), "", parts, length);
        channel.writeAndFlush(bytes).addListener(done -> sent.run());
    }

    private static ByteBuf chunk(ByteBufAllocator allocator, List<byte[]> parts, int length) {
        var framed = new ArrayList<byte[]>(parts.size() + 1);
        framed.addAll(parts);
        framed.add(Http1Encoding.CRLF);
        return Http1Encoding.join(
                allocator, Integer.toHexString(length) + "\r\n", framed, length + Http1Encoding.CRLF.length);
    }

    @Override
    public void end() {
        last(chunked ? Unpooled.wrappedBuffer(Http1Encoding.LAST_CHUNK) : Unpooled.EMPTY_BUFFER);
    }

    private void last(ByteBuf bytes) {
        channel.writeAndFlush(new Last(bytes, !keep), channel.voidPromise());
    }

    /// Without the last chunk the client sees that the body was cut off.
    @Override
    public void abort() {
        channel.close();
    }

    @Override
    public Duplex upgrade(String protocol, Headers headers) throws IOException {
        if (upgradeInput == null) {
            throw new IOException("the client did not ask for an upgrade");
        }
        if (!channel.isActive()) {
            throw new IOException("the client has gone");
        }
        var head = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\n");
        Http1Encoding.field(head, "Connection", "Upgrade");
        Http1Encoding.field(head, "Upgrade", protocol);
        headers.forEach((name, value) -> Http1Encoding.field(head, name, value));
        head.append("\r\n");
        channel.writeAndFlush(
                Unpooled.wrappedBuffer(head.toString().getBytes(StandardCharsets.ISO_8859_1)), channel.voidPromise());
        return new ChannelDuplex(channel, upgradeInput);
    }
}
