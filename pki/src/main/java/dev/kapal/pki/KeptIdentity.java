package dev.kapal.pki;

import dev.kapal.base.log.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/// An identity that lives in two files and stays good for as long as somebody uses it. Any thread.
///
/// Whoever needs it asks anew each time, at each TLS handshake for instance. Then it is looked at: files that another
/// process has written are read again, and an identity that ends soon, or begins only later because a clock jumped, is
/// loaded again, which renews it where the authority's key is at hand. So nothing has to run beside it, and no clock
/// can put it to sleep. What cannot be renewed is still shown: the other side says what is wrong with it.
public final class KeptIdentity implements Supplier<Identity> {
    private static final Log log = Log.of(KeptIdentity.class);
    private static final Duration LONGEST_MARGIN = Duration.ofDays(30);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(10);

    /// Where an identity comes from.
    @FunctionalInterface
    public interface Source {
        /// The identity as it shall be used from now on.
        Identity load() throws IOException;
    }

    private final Path file;
    private final Source source;
    private final InstantSource time;
    private volatile Seen current;
    /// Guarded by this.
    private Instant triedAt = Instant.MIN;

    private record Seen(Identity identity, Optional<FileTime> written) {}

    private KeptIdentity(Path file, Source source, InstantSource time, Identity first) {
        this.file = file;
        this.source = source;
        this.time = time;
        this.current = new Seen(first, written(file));
    }

    /// The identity in the files `name.*` of a directory, as `source` loads it.
    ///
    /// @throws PkiException when it cannot be loaded now
    public static KeptIdentity of(Path directory, String name, Source source, InstantSource time) throws IOException {
        return new KeptIdentity(directory.resolve(name + ".crt"), source, time, source.load());
    }

    /// As [#readOnly(Path, String, InstantSource)], by the files' own names.
    public static KeptIdentity readOnly(Path certificate, Path key, InstantSource time) throws IOException {
        KeptIdentity.Source source = () -> Identity.read(certificate, key);
        return new KeptIdentity(certificate, source, time, source.load());
    }

    /// One that somebody else writes and renews.
    public static KeptIdentity readOnly(Path directory, String name, InstantSource time) throws IOException {
        return of(directory, name, () -> Identity.read(directory, name), time);
    }

    @Override
    public Identity get() {
        var seen = current;
        return isGood(seen) ? seen.identity() : refreshed(seen);
    }

    private boolean isGood(Seen seen) {
        return !isDue(seen.identity().certificate(), time.instant())
                && written(file).equals(seen.written());
    }

    private synchronized Identity refreshed(Seen old) {
        if (current != old && isGood(current)) {
            return current.identity();
        }
        var now = time.instant();
        if (Duration.between(triedAt, now).abs().compareTo(PAUSE_AFTER_FAILURE) < 0
                && written(file).equals(current.written())) {
            return current.identity();
        }
        triedAt = now;
        try {
            var loaded = source.load();
            if (!loaded.certificate().equals(current.identity().certificate())) {
                log.info(
                        "identity renewed",
                        "subject",
                        loaded,
                        "until",
                        loaded.certificate().getNotAfter().toInstant());
            }
            current = new Seen(loaded, written(file));
        } catch (IOException | PkiException failure) {
            log.warn("identity not renewed", "subject", current.identity(), "cause", failure.getMessage());
        }
        return current.identity();
    }

    /// Whether a certificate should be replaced: it ends soon, which means within thirty days or, if it is a short one,
    /// within the last third of its life; or it has not begun.
    public static boolean isDue(X509Certificate certificate, Instant now) {
        var begins = certificate.getNotBefore().toInstant();
        var ends = certificate.getNotAfter().toInstant();
        var third = Duration.between(begins, ends).dividedBy(3);
        var margin = third.compareTo(LONGEST_MARGIN) < 0 ? third : LONGEST_MARGIN;
        return now.isBefore(begins) || !now.isBefore(ends.minus(margin));
    }

    private static Optional<FileTime> written(Path file) {
        try {
            return Optional.of(Files.getLastModifiedTime(file));
        } catch (IOException missing) {
            return Optional.empty();
        }
    }
}
