package dev.kapal.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/// One HTTP/2 stream: one request. Runs on the event loop of its connection.
final class Http2Stream extends ChannelDuplexHandler {
    private final Dispatch dispatch;
    private final Peer peer;
    private Request head;
    private Gathering gathering;
    private ChannelInput input;
    private ServerExchange exchange;
    private boolean answered;
    private boolean late;

    Http2Stream(Dispatch dispatch, Peer peer) {
        this.dispatch = dispatch;
        this.peer = peer;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            switch (message) {
                case Http2HeadersFrame frame when head == null -> begin(context, frame);
                case Http2HeadersFrame trailers when trailers.isEndStream() -> complete(context);
                case Http2DataFrame data -> body(context, data);
                default -> {} // nothing else concerns a request
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(ChannelHandlerContext context, Http2HeadersFrame frame) {
        try {
            head = Http2Head.read(frame.headers(), peer);
        } catch (IllegalArgumentException malformed) {
            new Http2Wire(context.channel(), false, dispatch.time()).whole(Response.text(400, "400 Bad Request"));
            return;
        }
        if (dispatch.streams(head)) {
            input = new ChannelInput(context.channel());
            if (frame.isEndStream()) {
                input.finish();
            }
            run(context, head, input);
            return;
        }
        long announced = frame.headers().getLong("content-length", -1);
        gathering = new Gathering(announced, dispatch.config().maxBodyBytes());
        if (frame.isEndStream() || gathering.isOversized()) {
            run(context, withBody(gathering.body()), null);
        } else {
            long limit = dispatch.config().limits().request().toMillis();
            context.executor().schedule(() -> giveUp(context), limit, TimeUnit.MILLISECONDS);
        }
    }

    /// A client that does not send the rest of its body must not hold what it has sent for ever. It is answered, and
    /// that
    /// is seen in the handler's logs.
    private void giveUp(ChannelHandlerContext context) {
        if (exchange == null) {
            gathering = null;
            late = true;
            run(context, withBody(Request.INCOMPLETE), null);
        }
    }

    private void body(ChannelHandlerContext context, Http2DataFrame data) {
        if (input != null) {
            input.offer(data.content().retain());
        } else if (gathering != null && exchange == null) {
            gathering.add(data.content());
            if (gathering.isOversized()) {
                run(context, withBody(gathering.body()), null);
            }
        }
        if (data.isEndStream()) {
            complete(context);
        }
    }

    private void complete(ChannelHandlerContext context) {
        if (input != null) {
            input.finish();
        } else if (gathering != null && exchange == null) {
            run(context, withBody(gathering.body()), null);
        }
    }

    private Request withBody(byte[] body) {
        return new Request(
                head.method(),
                head.path(),
                head.rawPath(),
                head.rawQuery(),
                head.headers(),
                body,
                head.peer(),
                head.protocol());
    }

    private void run(ChannelHandlerContext context, Request request, ChannelInput streamed) {
        boolean headOnly = request.method().equals("HEAD");
        exchange = new ServerExchange(
                request,
                streamed,
                new Http2Wire(context.channel(), headOnly, dispatch.time()),
                dispatch.inFlight(),
                dispatch.streams());
        dispatch.run(exchange);
    }

    /// Sees the end of the answer pass by: what happens to the stream afterwards concerns nobody.
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        boolean last = message instanceof Http2HeadersFrame head && head.isEndStream()
                || message instanceof Http2DataFrame data && data.isEndStream();
        answered |= last;
        if (!last || !late) {
            context.write(message, promise);
            return;
        }
        context.write(message, promise.unvoid())
                .addListener(sent -> context.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR)));
    }

    /// A reset arrives as an event, ahead of what waits to be read.
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof Http2ResetFrame) {
            gone();
        }
        ReferenceCountUtil.release(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        gone();
    }

    private void gone() {
        if (input != null) {
            input.fail(new IOException("the client has gone"));
        }
        if (exchange != null && !answered) {
            exchange.disconnected();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
