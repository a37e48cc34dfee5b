package dev.kapal.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;

/// One HTTP/2 stream: one request. Runs on the event loop of its connection.
final class Http2Stream extends ChannelDuplexHandler {
    private final Dispatch dispatch;
    private final Peer peer;
    private final Http2Delivery delivery;
    private Request head;
    private Incoming body;
    private ServerExchange exchange;
    private boolean whole;
    private boolean answered;

    Http2Stream(Dispatch dispatch, Peer peer, Http2Delivery delivery) {
        this.dispatch = dispatch;
        this.peer = peer;
        this.delivery = delivery;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            switch (message) {
                case Http2HeadersFrame frame when head == null -> begin(context, frame);
                case Http2HeadersFrame trailers when trailers.isEndStream() && body != null -> complete(context);
                case Http2DataFrame data when body != null -> body(context, data);
                default -> {} // nothing else concerns a request
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(ChannelHandlerContext context, Http2HeadersFrame frame) {
        whole = frame.isEndStream();
        try {
            head = Http2Head.read(frame.headers(), peer);
        } catch (IllegalArgumentException malformed) {
            new Http2Wire(context.channel(), false, dispatch.time()).whole(Response.text(400, "400 Bad Request"));
            return;
        }
        body = new Incoming(dispatch, context.channel(), frame.headers().getLong("content-length", -1));
        if (whole) {
            complete(context);
        }
    }

    private void body(ChannelHandlerContext context, Http2DataFrame data) {
        body.add(data.content());
        if (data.isEndStream()) {
            complete(context);
        } else if (body.isMuch()) {
            begin(context);
        }
    }

    private void complete(ChannelHandlerContext context) {
        whole = true;
        if (exchange != null) {
            body.end();
        } else {
            run(context, head.with(body.whole()));
        }
    }

    /// All is read that came in one go.
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (body != null && exchange == null) {
            begin(context);
        }
        context.fireChannelReadComplete();
    }

    /// Runs the handler before the body is whole.
    private void begin(ChannelHandlerContext context) {
        boolean invites =
                head.header("Expect").filter("100-continue"::equalsIgnoreCase).isPresent();
        run(context, head.with(body.begin(() -> {
            if (invites) {
                context.writeAndFlush(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("100"), false));
            }
        })));
    }

    private void run(ChannelHandlerContext context, Request request) {
        boolean headOnly = request.method().equals("HEAD");
        exchange = new ServerExchange(request, new Http2Wire(context.channel(), headOnly, dispatch.time()), dispatch);
        dispatch.run(exchange);
    }

    /// Sees the end of the answer pass by: what happens to the stream afterwards concerns nobody.
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        boolean last = message instanceof Http2HeadersFrame head && head.isEndStream()
                || message instanceof Http2DataFrame data && data.isEndStream();
        if (last) {
            answered = true;
            delivery.begins(context);
        }
        if (!last || whole) {
            context.write(message, promise);
            return;
        }
        // what the client still sends would be dropped
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
        delivery.done(context);
        gone();
    }

    private void gone() {
        if (body != null && !whole) {
            body.fail("the client has gone");
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
