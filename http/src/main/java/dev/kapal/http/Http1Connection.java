package dev.kapal.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/// One HTTP/1 connection: one request at a time, those that were sent ahead wait. Runs on its event loop only.
///
///     HEAD ──head──► BODY ──last──► BUSY ──answered──► HEAD …
///       │              └─upgrade──► RAW                 │
///       └── malformed, timed out, not kept alive ─────► CLOSING
///
/// The handler runs once all of the request that came in one go was read, be the body whole or not ([Incoming]).
final class Http1Connection extends ChannelDuplexHandler {
    /// A client that sends this many messages, or bytes, ahead is not read any further until it is answered.
    private static final int MAX_AHEAD = 64;

    private static final int MAX_AHEAD_BYTES = 64 * 1024;
    /// After its connection was closed for writing a client may be silent for this long, then nothing more is read.
    private static final long LINGER_MILLIS = 500;
    /// A client that goes on sending is listened to for so many times [#LINGER_MILLIS].
    private static final int MOST_LINGERING = 10;

    private enum State {
        HEAD,
        BODY,
        BUSY,
        RAW,
        CLOSING
    }

    private final Dispatch dispatch;
    private final Peer peer;
    private final HttpRequestDecoder decoder;
    private final Http1Watch watch;
    private final Queue<Object> ahead = new ArrayDeque<>();
    private int aheadBytes;
    private State state = State.HEAD;
    private Request request;
    private ServerExchange exchange;
    private Incoming body;
    /// What comes after HTTP.
    private ChannelInput raw;
    private boolean whole;
    /// Whether the client sent something of late, while its connection is being closed.
    private boolean heard;

    Http1Connection(Dispatch dispatch, Peer peer, HttpRequestDecoder decoder) {
        this.dispatch = dispatch;
        this.peer = peer;
        this.decoder = decoder;
        this.watch = new Http1Watch(dispatch.config().limits(), dispatch.time());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        watch.start(context);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        switch (state) {
            case HEAD -> {
                if (ahead.isEmpty() && context.channel().isWritable()) {
                    accept(context, message);
                } else {
                    waitInLine(context, message);
                }
            }
            case BODY -> accept(context, message);
            case BUSY -> waitInLine(context, message);
            case RAW -> raw(message);
            case CLOSING -> {
                heard = true;
                ReferenceCountUtil.release(message);
            }
        }
    }

    private void accept(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest head) {
            begin(context, head);
        }
        if (message instanceof HttpContent part) {
            try {
                body(context, part);
            } finally {
                part.release();
            }
        }
    }

    private void begin(ChannelHandlerContext context, HttpRequest head) {
        if (head.decoderResult().isFailure()) {
            refuse(context, Http1Refusals.decoder(head.decoderResult().cause()));
            return;
        }
        try {
            request = Http1Head.read(head, peer);
        } catch (Http1Head.Refused refused) {
            refuse(context, refused);
            return;
        }
        watch.requestBegins();
        state = State.BODY;
        whole = false;
        body = new Incoming(dispatch, context.channel(), announced(request));
        var expect = request.header("Expect");
        if (expect.isPresent() && !expect.get().equalsIgnoreCase("100-continue")) {
            refuse(context, new Http1Head.Refused(417, "only 100-continue can be expected"));
        }
    }

    private static long announced(Request request) {
        try {
            return request.header("Content-Length").map(Long::parseLong).orElse(-1L);
        } catch (NumberFormatException refusedByTheDecoder) {
            return -1;
        }
    }

    private void body(ChannelHandlerContext context, HttpContent part) {
        if (state != State.BODY) {
            return; // what follows a refused head
        }
        if (part.decoderResult().isFailure()) {
            if (exchange == null) {
                refuse(context, Http1Refusals.decoder(part.decoderResult().cause()));
            } else {
                body.fail("the request's body is malformed");
            }
            return;
        }
        body.add(part.content());
        if (part instanceof LastHttpContent) {
            complete(context);
        } else if (body.isMuch()) {
            begin(context);
        }
    }

    private void complete(ChannelHandlerContext context) {
        whole = true;
        if (body.hasBegun()) {
            body.end();
            state = State.BUSY;
        } else if (Http1Head.asksForUpgrade(request.headers())) {
            leaveHttp(context);
        } else {
            state = State.BUSY;
            dispatch(context, request.with(body.whole()));
        }
    }

    /// All is read that came in one go.
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        beginLate(context);
        context.fireChannelReadComplete();
    }

    private void beginLate(ChannelHandlerContext context) {
        boolean waits = state == State.BODY && exchange == null;
        if (waits && !Http1Head.asksForUpgrade(request.headers())) {
            begin(context);
        }
    }

    /// Runs the handler before the body is whole.
    private void begin(ChannelHandlerContext context) {
        boolean invites = request.headers().has("Expect") && request.protocol().equals("HTTP/1.1");
        dispatch(context, request.with(body.begin(() -> {
            if (invites) {
                context.writeAndFlush(Unpooled.copiedBuffer(Http1Encoding.CONTINUE));
            }
        })));
    }

    /// The decoder must not read on: what comes next belongs to the new protocol.
    private void leaveHttp(ChannelHandlerContext context) {
        state = State.RAW;
        raw = new ChannelInput(context.channel());
        dispatch(context, request.with(body.whole()));
        context.pipeline().remove(decoder);
    }

    private void raw(Object message) {
        if (message instanceof ByteBuf bytes) {
            raw.offer(bytes);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void dispatch(ChannelHandlerContext context, Request ready) {
        watch.handlerRuns();
        boolean keep = raw == null && !dispatch.inFlight().isRefusing() && Http1Head.keepsAlive(ready);
        exchange = new ServerExchange(
                ready, new Http1Wire(context.channel(), ready, keep, raw, dispatch.time()), dispatch);
        dispatch.run(exchange);
    }

    private void waitInLine(ChannelHandlerContext context, Object message) {
        ahead.add(message);
        aheadBytes += bytes(message);
        if (ahead.size() > MAX_AHEAD || aheadBytes > MAX_AHEAD_BYTES) {
            context.channel().config().setAutoRead(false);
        }
    }

    private static int bytes(Object message) {
        return message instanceof HttpContent part ? part.content().readableBytes() : 0;
    }

    /// Sees the end of an answer pass by.
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (!(message instanceof Http1Wire.Last last)) {
            context.write(message, promise);
            return;
        }
        boolean close = last.close() || !whole || state == State.CLOSING;
        context.write(last.content(), promise);
        exchange = null;
        if (close) {
            closeGently(context);
        } else {
            ready(context);
        }
    }

    private void ready(ChannelHandlerContext context) {
        state = State.HEAD;
        request = null;
        body = null;
        watch.requestIsAnswered();
        goOn(context);
    }

    /// Turns to what was sent ahead, once the client has taken what it was answered.
    private void goOn(ChannelHandlerContext context) {
        while (!ahead.isEmpty()
                && (state == State.BODY
                        || state == State.HEAD && context.channel().isWritable())) {
            var next = ahead.remove();
            aheadBytes -= bytes(next);
            accept(context, next);
        }
        beginLate(context);
        boolean reads = context.channel().config().isAutoRead();
        if (ahead.isEmpty() && !reads && (body == null || !body.isPaused())) {
            context.channel().config().setAutoRead(true);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (state == State.HEAD) {
            goOn(context);
        }
        context.fireChannelWritabilityChanged();
    }

    private void refuse(ChannelHandlerContext context, Http1Head.Refused refused) {
        state = State.CLOSING;
        context.write(Http1Encoding.refusal(refused.status(), refused.getMessage()));
        closeGently(context);
    }

    /// Closes our half, and the rest when the client has stopped sending: closing with unread input would reset the
    /// connection and take the answer from the client (RFC 9112, 9.6).
    private void closeGently(ChannelHandlerContext context) {
        state = State.CLOSING;
        watch.requestIsAnswered();
        forgetAhead();
        var flushed = context.writeAndFlush(Unpooled.EMPTY_BUFFER);
        if (whole || !(context.channel() instanceof SocketChannel)) {
            flushed.addListener(ChannelFutureListener.CLOSE);
            return;
        }
        context.channel().config().setAutoRead(true);
        linger(context, 1);
    }

    private void forgetAhead() {
        ahead.forEach(ReferenceCountUtil::release);
        ahead.clear();
        aheadBytes = 0;
    }

    private void linger(ChannelHandlerContext context, int times) {
        heard = false;
        Runnable next = () -> {
            if (heard && times < MOST_LINGERING) {
                linger(context, times + 1);
            } else {
                context.close();
            }
        };
        context.executor().schedule(next, LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        watch.stop();
        if (raw != null) {
            raw.finish();
        }
        if (body != null) {
            body.fail("the client has gone");
        }
        if (exchange != null) {
            exchange.disconnected();
        }
        forgetAhead();
        state = State.CLOSING;
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
