package dev.kapal.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/// Feeds a decoder with damaged forms of good input. Whatever comes, it must answer or refuse: any other exception, a
/// stack that overflows or a hang is a failure, which names the seed and the input.
///
/// The budget is a number of inputs, so that a test always does the same; `KAPAL_FUZZ_SECONDS` makes it that many
/// seconds
/// for each decoder, from a new seed each time.
public final class Mutations {
    private static final int INPUTS = 4_000;
    private static final long SEED = 42;
    private static final Duration SLOWEST = Duration.ofSeconds(5);
    private static final int MOST_DAMAGE = 6;
    private static final int GROWTH_LIMIT = 64 * 1024;

    private final List<byte[]> seeds = new ArrayList<>();
    private final List<Class<?>> refusals;

    /// What is fuzzed.
    @FunctionalInterface
    public interface Decoder {
        void decode(byte[] input) throws Exception;
    }

    private Mutations(List<Class<?>> refusals) {
        this.refusals = refusals;
    }

    /// @param refusals how the decoder says no
    public static Mutations refusedBy(Class<?>... refusals) {
        return new Mutations(List.of(refusals));
    }

    /// An input to begin with.
    public Mutations of(String... inputs) {
        for (var input : inputs) {
            seeds.add(input.getBytes(StandardCharsets.UTF_8));
        }
        return this;
    }

    public Mutations of(byte[] input) {
        seeds.add(input);
        return this;
    }

    public void feed(Decoder decoder) {
        var seconds = System.getenv("KAPAL_FUZZ_SECONDS");
        long seed = seconds == null ? SEED : System.nanoTime();
        var random = new Random(seed);
        long end = seconds == null ? Long.MAX_VALUE : System.nanoTime() + Long.parseLong(seconds) * 1_000_000_000L;
        for (int i = 0; seconds == null ? i < INPUTS : System.nanoTime() < end; i++) {
            feed(decoder, damaged(random), seed, i);
        }
    }

    private void feed(Decoder decoder, byte[] input, long seed, int number) {
        long start = System.nanoTime();
        try {
            decoder.decode(input);
        } catch (Throwable thrown) {
            if (refusals.stream().noneMatch(refusal -> refusal.isInstance(thrown))) {
                throw new AssertionError(told("failed", input, seed, number), thrown);
            }
        }
        if (System.nanoTime() - start > SLOWEST.toNanos()) {
            throw new AssertionError(told("took too long", input, seed, number));
        }
    }

    private static String told(String what, byte[] input, long seed, int number) {
        var shown = input.length > 2_000 ? Arrays.copyOf(input, 2_000) : input;
        return what + " at input " + number + " of seed " + seed + ": " + new String(shown, StandardCharsets.UTF_8)
                + "\nhex: " + HexFormat.of().formatHex(shown);
    }

    private byte[] damaged(Random random) {
        byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
        int damage = random.nextInt(MOST_DAMAGE + 1);
        for (int i = 0; i < damage && bytes.length < GROWTH_LIMIT; i++) {
            bytes = damage(bytes, random);
        }
        return bytes;
    }

    private byte[] damage(byte[] bytes, Random random) {
        if (bytes.length == 0) {
            return new byte[] {(byte) random.nextInt()};
        }
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(7)) {
            case 0 -> {
                bytes[at] ^= (byte) (1 << random.nextInt(8));
                return bytes;
            }
            case 1 -> {
                bytes[at] = (byte) random.nextInt();
                return bytes;
            }
            case 2 -> {
                return joined(
                        Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, end(at, bytes, random), bytes.length));
            }
            case 3 -> {
                byte[] again = Arrays.copyOfRange(bytes, at, end(at, bytes, random));
                return inserted(bytes, at, again);
            }
            case 4 -> {
                byte[] other = seeds.get(random.nextInt(seeds.size()));
                int from = random.nextInt(other.length + 1);
                return inserted(bytes, at, Arrays.copyOfRange(other, from, Math.min(other.length, from + 32)));
            }
            case 5 -> {
                byte[] run = new byte[random.nextInt(700)];
                Arrays.fill(run, bytes[at]); // many of one: brackets, digits, quotes
                return inserted(bytes, at, run);
            }
            default -> {
                return Arrays.copyOf(bytes, at);
            }
        }
    }

    private static int end(int at, byte[] bytes, Random random) {
        return Math.min(bytes.length, at + 1 + random.nextInt(16));
    }

    private static byte[] inserted(byte[] bytes, int at, byte[] more) {
        return joined(joined(Arrays.copyOf(bytes, at), more), Arrays.copyOfRange(bytes, at, bytes.length));
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] all = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, all, one.length, other.length);
        return all;
    }
}
