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
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/// One HTTP/1 connection: one request at a time, those that were sent ahead wait. Runs on its event loop only.
///
///     HEAD ──head──► BODY ──last──► BUSY ──answered──► HEAD …
///       │              └─upgrade──► RAW                 │
///       └── malformed, timed out, not kept alive ─────► CLOSING
final class Http1Connection extends ChannelDuplexHandler {
    /// A client that sends this many messages ahead is not read any further until it is answered.
    private static final int MAX_AHEAD = 64;
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
    private State state = State.HEAD;
    private Request request;
    private ServerExchange exchange;
    private Gathering gathering;
    private ChannelInput input;
    private boolean whole;
    /// Whether the client sent something of late, while its connection is being closed.
    private boolean heard;

    Http1Connection(Dispatch dispatch, Peer peer, HttpRequestDecoder decoder) {
        this.dispatch = dispatch;
        this.peer = peer;
        this.decoder = decoder;
        this.watch = new Http1Watch(dispatch.config().limits(), dispatch.time(), this::restIsLate);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        watch.start(context);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        switch (state) {
            case HEAD, BODY -> accept(context, message);
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
        boolean streams = dispatch.streams(request);
        var expect = request.header("Expect");
        if (expect.isPresent() && !expect.get().equalsIgnoreCase("100-continue")) {
            refuse(context, new Http1Head.Refused(417, "only 100-continue can be expected"));
            return;
        }
        if (streams) {
            input = new ChannelInput(context.channel());
            gathering = null;
        } else {
            input = null;
            gathering = new Gathering(announced(request), dispatch.config().maxBodyBytes());
        }
        if (expect.isPresent() && (streams || !gathering.isOversized())) {
            context.writeAndFlush(Unpooled.copiedBuffer(Http1Encoding.CONTINUE));
        }
        if (Http1Head.asksForUpgrade(request.headers())) {
            return; // wait for the end of the request, then leave HTTP
        }
        if (streams) {
            dispatch(context, request, input);
        } else if (gathering.isOversized()) {
            dispatchOversized(context);
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
            if (input != null) {
                input.fail(new IOException("the request's body is malformed"));
            }
            refuse(context, Http1Refusals.decoder(part.decoderResult().cause()));
            return;
        }
        boolean last = part instanceof LastHttpContent;
        if (input != null) {
            input.offer(part.content().retain());
        } else {
            gathering.add(part.content());
        }
        if (last) {
            complete(context);
        } else if (gathering != null && gathering.isOversized() && exchange == null) {
            dispatchOversized(context);
        }
    }

    private void complete(ChannelHandlerContext context) {
        whole = true;
        watch.requestIsWhole();
        if (Http1Head.asksForUpgrade(request.headers())) {
            leaveHttp(context);
            return;
        }
        if (input != null) {
            input.finish();
        }
        state = State.BUSY;
        if (exchange == null) {
            dispatch(context, withBody(gathering.body()), null);
        }
    }

    private void dispatchOversized(ChannelHandlerContext context) {
        dispatch(context, withBody(Request.OVERSIZED), null);
    }

    /// Who has told what it wants is answered, and that is seen in the handler's logs; then the connection ends.
    private void restIsLate(ChannelHandlerContext context) {
        boolean answerable = state == State.BODY
                && gathering != null
                && exchange == null
                && !Http1Head.asksForUpgrade(request.headers());
        if (answerable) {
            watch.requestIsWhole(); // as far as it ever will be
            dispatch(context, withBody(Request.INCOMPLETE), null);
        } else {
            context.close();
        }
    }

    private Request withBody(byte[] body) {
        return body.length == 0 && body != Request.OVERSIZED && body != Request.INCOMPLETE
                ? request
                : new Request(
                        request.method(),
                        request.path(),
                        request.rawPath(),
                        request.rawQuery(),
                        request.headers(),
                        body,
                        request.peer(),
                        request.protocol());
    }

    /// The decoder must not read on: what comes next belongs to the new protocol.
    private void leaveHttp(ChannelHandlerContext context) {
        state = State.RAW;
        var raw = new ChannelInput(context.channel());
        byte[] body = input == null ? gathering.body() : new byte[0];
        input = raw;
        gathering = null;
        dispatch(context, withBody(body), null);
        context.pipeline().remove(decoder);
    }

    private void raw(Object message) {
        if (message instanceof ByteBuf bytes) {
            input.offer(bytes);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private void dispatch(ChannelHandlerContext context, Request ready, ChannelInput streamed) {
        boolean upgrade = state == State.RAW;
        boolean keep = !upgrade && !dispatch.inFlight().isRefusing() && Http1Head.keepsAlive(ready);
        exchange = new ServerExchange(
                ready,
                streamed,
                new Http1Wire(context.channel(), ready, keep, upgrade ? input : null, dispatch.time()),
                dispatch.inFlight(),
                dispatch.streams());
        dispatch.run(exchange);
    }

    private void waitInLine(ChannelHandlerContext context, Object message) {
        ahead.add(message);
        if (ahead.size() > MAX_AHEAD) {
            context.channel().config().setAutoRead(false);
        }
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
        input = null;
        gathering = null;
        watch.requestIsAnswered();
        while (state != State.BUSY && state != State.CLOSING && !ahead.isEmpty()) {
            channelRead(context, ahead.remove());
        }
        if (ahead.isEmpty() && !context.channel().config().isAutoRead() && input == null) {
            context.channel().config().setAutoRead(true);
        }
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
        ahead.forEach(ReferenceCountUtil::release);
        ahead.clear();
        var flushed = context.writeAndFlush(Unpooled.EMPTY_BUFFER);
        if (whole || !(context.channel() instanceof SocketChannel)) {
            flushed.addListener(ChannelFutureListener.CLOSE);
            return;
        }
        context.channel().config().setAutoRead(true);
        linger(context, 1);
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
        if (input != null) {
            if (state == State.RAW) {
                input.finish();
            } else {
                input.fail(new IOException("the client has gone"));
            }
        }
        if (exchange != null) {
            exchange.disconnected();
        }
        ahead.forEach(ReferenceCountUtil::release);
        ahead.clear();
        state = State.CLOSING;
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
