package dev.kapal.pki;

import java.util.Arrays;

/// Reads values of ASN.1 one after the other, in the distinguished encoding. Used by one thread.
final class DerReader {
    private final byte[] bytes;
    private final int end;
    private int at;

    DerReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private DerReader(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    boolean hasMore() {
        return at < end;
    }

    /// The tag of the next value.
    int tag() {
        if (at >= end) {
            throw truncated();
        }
        return bytes[at] & 0xff;
    }

    /// Steps over the next value and reads inside of it.
    DerReader enter(int tag) {
        int from = header(tag);
        int length = lengthBefore(from);
        at = from + length;
        return new DerReader(bytes, from, at);
    }

    /// The next value without its tag and length.
    byte[] content(int tag) {
        var inner = enter(tag);
        return Arrays.copyOfRange(bytes, inner.at, inner.end);
    }

    /// The next value as it stands.
    byte[] whole() {
        int begin = at;
        enter(tag());
        return Arrays.copyOfRange(bytes, begin, at);
    }

    /// An object identifier in its dotted form.
    String oid() {
        byte[] content = content(0x06);
        var text = new StringBuilder();
        long arc = 0;
        for (byte part : content) {
            arc = arc << 7 | part & 0x7f;
            if (part >= 0) {
                if (text.isEmpty()) {
                    long first = Math.min(arc / 40, 2);
                    text.append(first).append('.').append(arc - 40 * first);
                } else {
                    text.append('.').append(arc);
                }
                arc = 0;
            }
        }
        return text.toString();
    }

    /// Where the content of the next value begins.
    private int header(int tag) {
        if (tag() != tag) {
            throw new PkiException("asn1: structure error: tags don't match (0x%02x vs 0x%02x)".formatted(tag, tag()));
        }
        if (at + 1 >= end) {
            throw truncated();
        }
        int first = bytes[at + 1] & 0xff;
        return at + (first < 0x80 ? 2 : 2 + (first & 0x7f));
    }

    private int lengthBefore(int from) {
        int first = bytes[at + 1] & 0xff;
        long length = first;
        if (first >= 0x80) {
            if (from - at > 6 || from > end) {
                throw truncated();
            }
            length = 0;
            for (int i = at + 2; i < from; i++) {
                length = length << 8 | bytes[i] & 0xff;
            }
        }
        if (from + length > end) {
            throw truncated();
        }
        return (int) length;
    }

    private static PkiException truncated() {
        return new PkiException("asn1: syntax error: data truncated");
    }
}
