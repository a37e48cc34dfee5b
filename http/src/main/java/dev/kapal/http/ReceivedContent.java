package dev.kapal.http;

/// A body that a client sends: whoever has handled its request closes it.
interface ReceivedContent extends Content {
    /// Nobody reads it any more.
    void close();
}
