package dev.kapal.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.testkit.FakeTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterPkiTest {
    @TempDir
    Path dir;

    private final FakeTime time = new FakeTime();

    @Test
    void keepsWhatItMadeBefore() throws IOException {
        var admin = ClusterPki.open(dir, time).admin();
        var again = ClusterPki.open(dir, time).admin();
        assertThat(again.certificate()).isEqualTo(admin.certificate());
        assertThat(again.key()).isEqualTo(admin.key());
        assertThat(admin.toString()).contains("CN=kubernetes-admin").contains("O=system:masters");
    }

    @Test
    void letsOnlyTheOwnerReadKeys() throws IOException {
        var pki = ClusterPki.open(dir.resolve("pki"), time);
        pki.admin();
        pki.serviceAccountKeys();
        for (var key : List.of("ca.key", "admin.key", "service-account.key")) {
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(dir.resolve("pki").resolve(key))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void issuesAnewWhenTheServerGetsAnotherName() throws IOException {
        var pki = ClusterPki.open(dir, time);
        var first = pki.apiServer(List.of("kubernetes", "127.0.0.1"));
        assertThat(pki.apiServer(List.of("kubernetes")).certificate()).isEqualTo(first.certificate());
        var second = pki.apiServer(List.of("kubernetes", "127.0.0.1", "10.0.0.7"));
        assertThat(second.certificate()).isNotEqualTo(first.certificate());
    }

    @Test
    void renewsWhatEndsSoon() throws IOException {
        var first = ClusterPki.open(dir, time).admin();
        time.advance(Duration.ofDays(340));
        var second = ClusterPki.open(dir, time).admin();
        assertThat(second.certificate()).isNotEqualTo(first.certificate());
    }

    @Test
    void refusesAnAuthorityWithoutItsKey() throws IOException {
        ClusterPki.open(dir, time);
        Files.delete(dir.resolve("ca.key"));
        assertThatThrownBy(() -> ClusterPki.open(dir, time))
                .isInstanceOf(PkiException.class)
                .hasMessageContaining("ca.crt and .key is missing");
    }

    @Test
    void namesTheBrokenFile() throws IOException {
        ClusterPki.open(dir, time);
        Files.writeString(dir.resolve("ca.crt"), "nonsense");
        assertThatThrownBy(() -> ClusterPki.open(dir, time))
                .isInstanceOf(PkiException.class)
                .hasMessageContaining("ca.crt")
                .hasMessageContaining("no certificate found");
    }

    @Test
    void readsBackTheTokenKeys() throws IOException {
        var made = ServiceAccountKeys.openOrCreate(dir);
        assertThat(ServiceAccountKeys.openOrCreate(dir)).isEqualTo(made);
    }

    @Test
    void trustsItsOwnClientsOnly() {
        var ours = CertificateAuthority.create("ours", time);
        var theirs = CertificateAuthority.create("theirs", time);
        var roots = ours.roots();
        var client = Profile.client("alice", "dev");
        assertThat(roots.refuse(ours.issue(client).chain(), time.instant())).isEmpty();
        assertThat(roots.refuse(theirs.issue(client).chain(), time.instant())).isPresent();
        assertThat(roots.refuse(ours.issue(client).chain(), time.instant().plus(Duration.ofDays(400))))
                .isPresent();
        assertThat(roots.refuse(
                        ours.issue(Profile.server("web", List.of("web"))).chain(), time.instant()))
                .contains("certificate specifies an incompatible key usage");
    }
}
