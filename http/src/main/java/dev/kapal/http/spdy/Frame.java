package dev.kapal.http.spdy;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;

/// A frame as it stands on the wire (SPDY/3, 2.2).
///
/// @param type of a control frame; [#DATA] for data
/// @param stream of a data frame
record Frame(int type, int stream, int flags, byte[] payload) {
    static final int DATA = 0;
    static final int SYN_STREAM = 1;
    static final int SYN_REPLY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int HEADERS = 8;
    static final int WINDOW_UPDATE = 9;
    static final int FIN = 1;
    static final int HEAD_LENGTH = 8;

    private static final int VERSION = 3;
    private static final int MAX_LENGTH = 16 * 1024 * 1024 - 1;

    boolean isLast() {
        return (flags & FIN) != 0;
    }

    /// The number at `offset` of the payload, its highest bit left out.
    int number(int offset) throws IOException {
        if (payload.length < offset + 4) {
            throw new IOException("a SPDY frame is too short");
        }
        return (payload[offset] & 0x7f) << 24
                | (payload[offset + 1] & 0xff) << 16
                | (payload[offset + 2] & 0xff) << 8
                | payload[offset + 3] & 0xff;
    }

    /// @throws EOFException at the end of the connection
    static Frame read(DataInputStream from) throws IOException {
        int first = from.readInt();
        int second = from.readInt();
        int length = second & MAX_LENGTH;
        boolean control = first < 0;
        if (control && (first >>> 16 & 0x7fff) != VERSION) {
            throw new IOException("not SPDY/3");
        }
        var payload = new byte[length];
        from.readFully(payload);
        return control
                ? new Frame(first & 0xffff, 0, second >>> 24, payload)
                : new Frame(DATA, first, second >>> 24, payload);
    }

    /// The eight bytes before a payload of `length`.
    static byte[] head(int type, int stream, int flags, int length) {
        int first = type == DATA ? stream : 0x80000000 | VERSION << 16 | type;
        int second = flags << 24 | length;
        return new byte[] {
            (byte) (first >>> 24),
            (byte) (first >>> 16),
            (byte) (first >>> 8),
            (byte) first,
            (byte) (second >>> 24),
            (byte) (second >>> 16),
            (byte) (second >>> 8),
            (byte) second
        };
    }
}
