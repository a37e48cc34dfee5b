package dev.kapal.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// For tests that start containers: `@ExtendWith(MachineOfItsOwn.class)`. Only one process at a time runs such tests,
/// because what belongs to the whole machine (control groups, network namespaces, nftables) shows who else is there.
///
/// A process takes the machine before the first such class and gives it back after its last test.
public final class MachineOfItsOwn implements BeforeAllCallback {
    private static final Path LOCK = Path.of("/tmp/kapal-machine.lock");

    /// Held until it is closed; the kernel gives it back when the process dies.
    private record Right(FileChannel lock) implements AutoCloseable {
        static Right taken() {
            try {
                var lock = FileChannel.open(LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                lock.lock();
                return new Right(lock);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        @Override
        public void close() throws IOException {
            lock.close();
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        take(context);
    }

    /// Returns when the machine is this process's. What is put into the root's store afterwards is closed before the
    /// machine is given back.
    public static void take(ExtensionContext context) {
        context.getRoot()
                .getStore(ExtensionContext.Namespace.create(MachineOfItsOwn.class))
                .getOrComputeIfAbsent(Right.class, key -> Right.taken());
    }
}
