package dev.kapal.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.io.IOException;

/// A request's body on its way in. What comes in one go with the head is gathered, so that the handler finds it; a body
/// that is longer or later is handed over as it comes, to a handler that runs already: it looks first who sends it. So
/// nobody is waited for, and nothing kept, for the sake of a stranger. Event loop only.
///
///     gathering ──whole──► there
///        └────begin─────► handed over ──end──► …
final class Incoming {
    /// More is not gathered before the handler runs.
    private static final int AT_ONCE = 32 * 1024;

    private final Dispatch dispatch;
    private final Channel channel;
    private final long announced;
    private final long begun;
    private Gathering gathering;
    private ChannelInput input;

    /// @param announced the length that the head promises, or -1
    Incoming(Dispatch dispatch, Channel channel, long announced) {
        this.dispatch = dispatch;
        this.channel = channel;
        this.announced = announced;
        this.begun = dispatch.time().nanos();
        this.gathering = new Gathering(announced);
    }

    void add(ByteBuf part) {
        if (input != null) {
            input.offer(part.retain());
        } else {
            gathering.add(part);
        }
    }

    /// Whether so much has come that the handler should begin.
    boolean isMuch() {
        return input == null
                && gathering.length() > Math.min(AT_ONCE, dispatch.config().maxBodyBytes());
    }

    /// The body, of which all has come.
    Content whole() {
        var bytes = gathering.bytes();
        return bytes.length <= BodyBudget.FREE ? Content.of(bytes) : new HeldContent(bytes, dispatch.bodies());
    }

    /// The body, of which the rest is still to come.
    ///
    /// @param invitation run when somebody wants to read it
    IncomingContent begin(Runnable invitation) {
        input = ChannelInput.unwanted(channel);
        input.offer(Unpooled.wrappedBuffer(gathering.bytes()));
        gathering = null;
        return new IncomingContent(dispatch, input, announced, begun, invitation);
    }

    boolean hasBegun() {
        return input != null;
    }

    /// Whether the channel waits until somebody reads.
    boolean isPaused() {
        return input != null && input.isPaused();
    }

    void end() {
        if (input != null) {
            input.finish();
        }
    }

    void fail(String why) {
        if (input != null) {
            input.fail(new IOException(why));
        }
    }
}
