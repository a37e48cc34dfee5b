package dev.kapal.apiserver.strategy;

/// How long values are, without making copies of them.
public final class Sizes {
    private Sizes() {}

    public static long utf8(String text) {
        long size = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                size += 1;
            } else if (c < 0x800 || Character.isSurrogate(c)) {
                size += 2; // two surrogates make four bytes
            } else {
                size += 3;
            }
        }
        return size;
    }

    /// What `text` decodes to.
    static long base64(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '=') {
            end--;
        }
        return end * 3L / 4;
    }
}
