package dev.kapal.apiserver.reload;

import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.function.Supplier;

/// What a configuration file says, for as long as it may change. No thread watches it: whoever asks first after a
/// change
/// reads it anew. What makes no sense is not taken, and the log says why: what was there goes on. Any thread.
public final class ReloadedFile<T> implements Supplier<T>, AutoCloseable {
    private static final Log log = Log.of(ReloadedFile.class);

    private final Path file;
    private final Source<T> source;
    private final ReloadMetrics metrics;
    private volatile Loaded<T> current;
    /// Guarded by this. Closed one change later, so that who is just using it can finish.
    private Optional<Life> previous = Optional.empty();
    /// Guarded by this.
    private boolean closed;

    /// Makes of the file what the server works with.
    @FunctionalInterface
    public interface Source<T> {
        /// @param life what is to be closed when this is no longer used joins it
        /// @throws IOException when the file cannot be read
        /// @throws IllegalArgumentException when it makes no sense; its message is for the user
        T load(Life life) throws IOException;
    }

    private record Loaded<T>(T value, Life life, Optional<Stamp> stamp) {}

    /// What shows that a file has changed.
    private record Stamp(FileTime written, long size, Object key) {
        static Optional<Stamp> of(Path file) {
            try {
                var facts = Files.readAttributes(file, BasicFileAttributes.class);
                return Optional.of(new Stamp(facts.lastModifiedTime(), facts.size(), String.valueOf(facts.fileKey())));
            } catch (IOException missing) {
                return Optional.empty();
            }
        }
    }

    private ReloadedFile(Path file, Source<T> source, ReloadMetrics metrics) throws IOException {
        this.file = file;
        this.source = source;
        this.metrics = metrics;
        this.current = load();
    }

    /// Reads the file once; what is wrong with it then is thrown as [Source#load(Life)] throws it.
    public static <T> ReloadedFile<T> of(Path file, Source<T> source, ReloadMetrics metrics) throws IOException {
        return new ReloadedFile<>(file, source, metrics);
    }

    @Override
    public T get() {
        if (!Stamp.of(file).equals(current.stamp())) {
            reload();
        }
        return current.value();
    }

    private synchronized void reload() {
        var old = current;
        if (closed || Stamp.of(file).equals(old.stamp())) {
            return; // somebody else was faster
        }
        var stamp = Stamp.of(file);
        try {
            current = load();
            previous.ifPresent(Life::close);
            previous = Optional.of(old.life());
            metrics.succeeded();
            log.info("configuration reloaded", "file", file);
        } catch (IOException | IllegalArgumentException unusable) {
            current = new Loaded<>(old.value(), old.life(), stamp); // until it changes again
            metrics.failed();
            log.error("configuration not reloaded, the old one counts", "file", file, "why", unusable.getMessage());
        }
    }

    private Loaded<T> load() throws IOException {
        var stamp = Stamp.of(file); // before it is read: what is written meanwhile is seen later
        var life = new Life(String.valueOf(file.getFileName()));
        try {
            return new Loaded<>(source.load(life), life, stamp);
        } catch (IOException | RuntimeException failure) {
            life.close();
            throw failure;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        previous.ifPresent(Life::close);
        current.life().close();
    }
}
