package dev.kapal.http;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/// A body that is there, but too large to cost nothing.
final class HeldContent implements ReceivedContent {
    private final byte[] bytes;
    private final BodyBudget.Share share;
    private boolean counted;

    HeldContent(byte[] bytes, BodyBudget budget) {
        this.bytes = bytes;
        this.share = budget.share();
    }

    @Override
    public byte[] bytes() {
        if (!counted && !share.take(bytes.length)) {
            throw new BodiesTooManyException();
        }
        counted = true;
        return bytes;
    }

    /// What is only passed on is not made larger.
    @Override
    public InputStream stream() {
        return new ByteArrayInputStream(bytes);
    }

    @Override
    public long length() {
        return bytes.length;
    }

    @Override
    public void close() {
        share.giveBack();
    }
}
