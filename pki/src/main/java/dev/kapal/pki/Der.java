package dev.kapal.pki;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// Writes the few forms of ASN.1 that a certificate is made of, in its one distinguished encoding. Each method answers
/// with a whole value, so a structure in code looks like the structure in its specification. Stateless.
final class Der {
    /// UTCTime holds two digits of the year and reaches to 2049 (RFC 5280, 4.1.2.5).
    private static final int LAST_SHORT_YEAR = 2049;

    private static final DateTimeFormatter SHORT_YEAR = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'");
    private static final DateTimeFormatter LONG_YEAR = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'");

    private Der() {}

    static byte[] sequence(byte[]... parts) {
        return value(0x30, parts);
    }

    static byte[] set(byte[]... parts) {
        return value(0x31, parts);
    }

    /// `[number]`, with its whole content inside.
    static byte[] explicit(int number, byte[]... parts) {
        return value(0xa0 | number, parts);
    }

    /// `[number] IMPLICIT` of a primitive type: its content without its own tag.
    static byte[] implicit(int number, byte[] content) {
        return value(0x80 | number, content);
    }

    static byte[] integer(BigInteger number) {
        return value(0x02, number.toByteArray());
    }

    static byte[] truth() {
        return value(0x01, new byte[] {(byte) 0xff});
    }

    static byte[] octets(byte[] content) {
        return value(0x04, content);
    }

    static byte[] text(String text) {
        return value(0x0c, text.getBytes(StandardCharsets.UTF_8));
    }

    /// A string of bits that fills its bytes.
    static byte[] bits(byte[] content) {
        return value(0x03, new byte[] {0}, content);
    }

    /// Named bits, the first in the highest of sixteen places; what is zero at the end is left out.
    static byte[] flags(int flags) {
        if (flags == 0) {
            return value(0x03, new byte[] {0});
        }
        int zeros = Integer.numberOfTrailingZeros(flags);
        return zeros >= 8
                ? value(0x03, new byte[] {(byte) (zeros - 8), (byte) (flags >> 8)})
                : value(0x03, new byte[] {(byte) zeros, (byte) (flags >> 8), (byte) flags});
    }

    static byte[] time(Instant instant) {
        var utc = instant.atOffset(ZoneOffset.UTC);
        boolean small = utc.getYear() <= LAST_SHORT_YEAR;
        String digits = utc.format(small ? SHORT_YEAR : LONG_YEAR);
        return value(small ? 0x17 : 0x18, digits.getBytes(StandardCharsets.US_ASCII));
    }

    /// An object identifier from its dotted form.
    static byte[] oid(String dotted) {
        String[] words = dotted.split("\\.", -1);
        var content = new ByteArrayOutputStream();
        content.write(Integer.parseInt(words[0]) * 40 + Integer.parseInt(words[1]));
        for (int i = 2; i < words.length; i++) {
            int arc = Integer.parseInt(words[i]);
            for (int shift = 28; shift > 0; shift -= 7) {
                if (arc >> shift != 0) {
                    content.write(arc >> shift & 0x7f | 0x80);
                }
            }
            content.write(arc & 0x7f);
        }
        return value(0x06, content.toByteArray());
    }

    private static byte[] value(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        var out = new ByteArrayOutputStream(length + 4);
        out.write(tag);
        writeLength(out, length);
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static void writeLength(ByteArrayOutputStream out, int length) {
        if (length < 0x80) {
            out.write(length);
            return;
        }
        byte[] digits = BigInteger.valueOf(length).toByteArray();
        int from = digits[0] == 0 ? 1 : 0;
        out.write(0x80 | digits.length - from);
        out.write(digits, from, digits.length - from);
    }
}
