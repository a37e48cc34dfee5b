package dev.kapal.apiserver.api;

import java.util.UUID;
import java.util.random.RandomGenerator;

/// Names and uids that the server makes up. Any thread that the generator suits.
public final class RandomNames {
    /// Without vowels and look-alikes, so that no words come out: upstream's alphabet.
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private static final int SUFFIX = 5;
    private static final int LONGEST_BASE = 63 - SUFFIX;

    private RandomNames() {}

    /// The five characters at the end of a generated name.
    public static String suffix(RandomGenerator random) {
        var suffix = new char[SUFFIX];
        for (int i = 0; i < SUFFIX; i++) {
            suffix[i] = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
        }
        return new String(suffix);
    }

    /// A name from a `generateName`.
    public static String generate(String base, RandomGenerator random) {
        return (base.length() > LONGEST_BASE ? base.substring(0, LONGEST_BASE) : base) + suffix(random);
    }

    /// A version 4 UUID.
    public static String uid(RandomGenerator random) {
        long high = random.nextLong() & ~0xf000L | 0x4000L;
        long low = random.nextLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }
}
