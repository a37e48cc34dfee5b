package dev.kapal.pki;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kapal.testkit.FakeTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Identities that are in use while time passes and files change.
class KeptIdentityTest {
    @TempDir
    Path dir;

    private final FakeTime time = new FakeTime();
    private ClusterPki pki;

    @BeforeEach
    void open() throws IOException {
        pki = ClusterPki.open(dir, time);
    }

    @Test
    void isRenewedInUseBeforeItEnds() throws IOException {
        var kept = pki.keep("server", Profile.server("server", List.of("localhost")));
        var first = kept.get();
        time.advance(Duration.ofDays(334));
        assertThat(kept.get()).isSameAs(first);
        time.advance(Duration.ofDays(2));
        var second = kept.get();
        assertThat(second).isNotEqualTo(first);
        assertThat(second.certificate().getNotAfter().toInstant())
                .isAfter(time.instant().plus(Duration.ofDays(360)));
        assertThat(Identity.read(dir, "server")).isEqualTo(second);
    }

    @Test
    void isRenewedWhenItHasEndedAlready() throws IOException {
        var kept = pki.keep("server", Profile.server("server", List.of("localhost")));
        time.advance(Duration.ofDays(700)); // the machine slept
        assertThat(kept.get().certificate().getNotAfter().toInstant()).isAfter(time.instant());
    }

    @Test
    void isReplacedWhenTheClockWasAheadAndIsSetBack() throws IOException {
        var began = time.instant();
        time.advance(Duration.ofDays(2));
        var kept = pki.keep("server", Profile.server("server", List.of("localhost")));
        time.jumpTo(began);
        assertThat(kept.get().certificate().getNotBefore().toInstant()).isBefore(began);
    }

    @Test
    void takesWhatAnotherProcessHasWritten() throws IOException {
        var kept = pki.keep("server", Profile.server("server", List.of("localhost")));
        var reader = KeptIdentity.readOnly(dir, "server", time);
        var first = kept.get();
        ClusterPki.open(dir, time).rotate();
        assertThat(kept.get()).isNotEqualTo(first);
        assertThat(reader.get()).isEqualTo(kept.get());
    }

    @Test
    void goesOnWithWhatItHasWhenTheFilesBreak() throws IOException {
        var reader = KeptIdentity.readOnly(dir, name(), time);
        var first = reader.get();
        Files.writeString(dir.resolve("server.crt"), "nonsense");
        assertThat(reader.get()).isSameAs(first);
        Files.delete(dir.resolve("server.crt"));
        assertThat(reader.get()).isSameAs(first);
    }

    @Test
    void aKeyOfAnotherCertificateIsNotTaken() throws IOException {
        var reader = KeptIdentity.readOnly(dir, name(), time);
        var first = reader.get();
        var other = pki.authority().issue(Profile.server("other", List.of()));
        Pem.writePublic(dir.resolve("server.crt"), other.certificatePem()); // half of a rotation
        assertThat(reader.get()).isSameAs(first);
    }

    private String name() throws IOException {
        pki.keep("server", Profile.server("server", List.of("localhost")));
        return "server";
    }
}
