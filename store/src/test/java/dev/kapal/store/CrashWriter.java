package dev.kapal.store;

import dev.kapal.store.Store.Expect;
import dev.kapal.store.Store.Write;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;

/// The process that [CrashTest] kills: writes as fast as it can and prints a line for each acknowledged write.
final class CrashWriter {
    static final int THREADS = 4;
    private static final int KEYS = 23;

    private CrashWriter() {}

    /// The `number`th write of a thread: what it does follows from these two, so the reader can tell what must be
    /// there.
    record Step(int thread, long number) {
        String key() {
            return "/registry/test/" + thread + "/" + number % KEYS;
        }

        Optional<byte[]> value() {
            if (number % 7 == 6) {
                return Optional.empty();
            }
            var random = new Random(number * THREADS + thread);
            byte[] value = new byte[16 + random.nextInt(random.nextInt(10) == 0 ? 20_000 : 600)];
            random.nextBytes(value);
            ByteBuffer.wrap(value).putInt(thread).putLong(number);
            return Optional.of(value);
        }

        /// The step that wrote `value`; it must then be the same in every byte.
        static Step of(byte[] value) {
            var buffer = ByteBuffer.wrap(value);
            return new Step(buffer.getInt(), buffer.getLong());
        }
    }

    /// Arguments: the store's directory and the number of the first step.
    public static void main(String[] args) {
        var store = EmbeddedStore.open(Path.of(args[0]));
        long first = Long.parseLong(args[1]);
        for (int thread = 0; thread < THREADS; thread++) {
            int number = thread;
            Thread.ofPlatform().start(() -> write(store, number, first));
        }
    }

    private static void write(Store store, int thread, long first) {
        try {
            for (long number = first; ; number++) {
                var step = new Step(thread, number);
                var value = step.value();
                var write = value.isPresent()
                        ? store.put(step.key(), value.get(), Expect.ANY)
                        : store.delete(step.key(), Expect.ANY);
                if (write instanceof Write.Done(long revision, var previous)) {
                    print(thread + " " + number + " " + revision + "\n");
                    if (revision % 1000 == 0) {
                        store.compact(revision - 500);
                    }
                }
            }
        } catch (InterruptedException | IOException | RuntimeException failure) {
            failure.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    /// One system call per line: a pipe takes all of it or nothing.
    private static void print(String line) throws IOException {
        PrintStream out = System.out;
        synchronized (out) {
            out.write(line.getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
    }
}
