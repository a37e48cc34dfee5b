package dev.kapal.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Percent-decoding of RFC 3986 as Go's `url` package does it: strict about the digits. Stateless.
final class Percent {
    private Percent() {}

    /// @param plusIsSpace true in queries
    /// @throws IllegalArgumentException when a percent sign lacks its two digits, or the bytes are not UTF-8
    static String decode(String text, boolean plusIsSpace) {
        if (text.indexOf('%') < 0 && (!plusIsSpace || text.indexOf('+') < 0)) {
            return text;
        }
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        var out = ByteBuffer.allocate(in.length);
        for (int i = 0; i < in.length; i++) {
            if (in[i] == '%') {
                if (i + 2 >= in.length) {
                    throw new IllegalArgumentException("truncated percent-encoding");
                }
                out.put((byte) (digit(in[i + 1]) << 4 | digit(in[i + 2])));
                i += 2;
            } else {
                out.put(plusIsSpace && in[i] == '+' ? (byte) ' ' : in[i]);
            }
        }
        return utf8(out.flip());
    }

    private static int digit(byte character) {
        int digit = Character.digit(character, 16);
        if (digit < 0) {
            throw new IllegalArgumentException("malformed percent-encoding");
        }
        return digit;
    }

    private static String utf8(ByteBuffer bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(bytes)
                    .toString();
        } catch (CharacterCodingException notText) {
            throw new IllegalArgumentException("percent-encoding is not UTF-8", notText);
        }
    }
}
