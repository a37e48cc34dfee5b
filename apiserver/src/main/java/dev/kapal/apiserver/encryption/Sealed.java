package dev.kapal.apiserver.encryption;

import java.util.Arrays;

/// Bytes that are put together and taken apart. Stateless.
final class Sealed {
    private Sealed() {}

    static boolean startsWith(byte[] bytes, byte[] prefix) {
        return bytes.length >= prefix.length && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }

    static byte[] join(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    static byte[] after(byte[] bytes, int length) {
        return Arrays.copyOfRange(bytes, Math.min(length, bytes.length), bytes.length);
    }
}
