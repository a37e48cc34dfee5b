package dev.kapal.http;

import java.io.IOException;
import java.io.InputStream;

/// A body of which something is still to come.
final class IncomingContent implements ReceivedContent {
    private static final int PIECE = 16 * 1024;

    private final Dispatch dispatch;
    private final ChannelInput input;
    private final long announced;
    private final long begun;
    private Runnable invitation;
    private final BodyBudget.Share share;
    private byte[] gathered;

    /// @param announced the length that the head promises, or -1
    /// @param begun when the request came, in the time's nanoseconds
    /// @param invitation run once, when somebody wants to read
    IncomingContent(Dispatch dispatch, ChannelInput input, long announced, long begun, Runnable invitation) {
        this.dispatch = dispatch;
        this.input = input;
        this.announced = announced;
        this.begun = begun;
        this.invitation = invitation;
        this.share = dispatch.bodies().share();
    }

    @Override
    public byte[] bytes() {
        if (gathered == null) {
            gathered = gather();
        }
        return gathered;
    }

    private byte[] gather() {
        int limit = dispatch.config().maxBodyBytes();
        if (announced > limit) {
            throw new BodyTooLargeException();
        }
        var bytes = new Gathering(announced);
        var piece = new byte[PIECE];
        var end = begun + dispatch.config().limits().request().toNanos();
        invite();
        try {
            for (int count = read(piece, end); count >= 0; count = read(piece, end)) {
                if (bytes.length() + count > limit) {
                    throw new BodyTooLargeException();
                }
                if (!share.take(count)) {
                    throw new BodiesTooManyException();
                }
                bytes.add(piece, count);
            }
        } catch (IOException gone) {
            throw new BodyIncompleteException();
        }
        return bytes.bytes();
    }

    private int read(byte[] piece, long end) throws IOException {
        return input.read(piece, 0, piece.length, end - dispatch.time().nanos());
    }

    private void invite() {
        if (invitation != null) {
            invitation.run();
            invitation = null;
        }
    }

    @Override
    public InputStream stream() {
        invite();
        return input;
    }

    @Override
    public long length() {
        return announced;
    }

    /// What still comes is dropped.
    @Override
    public void close() {
        input.close();
        share.giveBack();
    }
}
