package dev.kapal.http;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/// The body of a request: there already, or still on its way. Used by the request's thread.
public interface Content {
    /// The whole of it, waiting for what has not come yet. May be asked for more than once.
    ///
    /// @throws BodyTooLargeException when the client sends more than the server reads
    /// @throws BodyIncompleteException when the client takes too long, or goes
    /// @throws BodiesTooManyException when the server holds so many bodies that there is no room for this one
    byte[] bytes();

    /// The bytes as they come, however many they are; instead of [#bytes()].
    InputStream stream();

    /// How many bytes there will be; -1 when the client has not said.
    long length();

    /// A body that is there.
    static Content of(byte[] bytes) {
        return new Content() {
            @Override
            public byte[] bytes() {
                return bytes;
            }

            @Override
            public InputStream stream() {
                return new ByteArrayInputStream(bytes);
            }

            @Override
            public long length() {
                return bytes.length;
            }
        };
    }
}
