package dev.kapal.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.kapal.testkit.FakeTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
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
    void givesTheSameTokenKeyToThoseWhoAskAtOnce() throws Exception {
        Files.createDirectories(dir);
        try (var askers = Executors.newFixedThreadPool(4)) {
            var keys = new HashSet<ServiceAccountKeys>();
            Callable<ServiceAccountKeys> ask = () -> ServiceAccountKeys.openOrCreate(dir);
            for (var asked : askers.invokeAll(Collections.nCopies(4, ask))) {
                keys.add(asked.get());
            }
            assertThat(keys).containsExactly(ServiceAccountKeys.openOrCreate(dir));
        }
        try (var files = Files.list(dir)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("service-account.key", "service-account.pub");
        }
    }

    @Test
    void issuesAnewWhenTheServerGetsAnotherName() throws IOException {
        var pki = ClusterPki.open(dir, time);
        var first = pki.apiServer(List.of("kubernetes", "127.0.0.1")).get();
        assertThat(pki.apiServer(List.of("kubernetes")).get().certificate()).isEqualTo(first.certificate());
        var second =
                pki.apiServer(List.of("kubernetes", "127.0.0.1", "10.0.0.7")).get();
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
                .hasMessageContaining("ca.key is missing")
                .hasMessageContaining("backup");
    }

    @Test
    void refusesAnAuthorityWhoseKeyOthersMayRead() throws IOException {
        ClusterPki.open(dir, time);
        open(dir.resolve("ca.key"));
        assertThatThrownBy(() -> ClusterPki.open(dir, time))
                .isInstanceOf(PkiException.class)
                .hasMessageContaining("others may read the key")
                .hasMessageContaining("chmod 600");
    }

    @Test
    void refusesTokenKeysThatAreLostOrThatOthersMayRead() throws IOException {
        ServiceAccountKeys.openOrCreate(dir);
        open(dir.resolve("service-account.key"));
        assertThatThrownBy(() -> ServiceAccountKeys.openOrCreate(dir)).hasMessageContaining("chmod 600");
        Files.delete(dir.resolve("service-account.key"));
        assertThatThrownBy(() -> ServiceAccountKeys.openOrCreate(dir))
                .hasMessageContaining("service-account.key is missing");
    }

    @Test
    void replacesAKeyThatOthersMayReadOrThatIsLost() throws IOException {
        var pki = ClusterPki.open(dir, time);
        var first = pki.admin();
        open(dir.resolve("admin.key"));
        var second = pki.admin();
        assertThat(second.key()).isNotEqualTo(first.key());
        assertThat(KeyFile.isOpenToOthers(dir.resolve("admin.key"))).isFalse();
        Files.delete(dir.resolve("admin.key"));
        assertThat(pki.admin().key()).isNotEqualTo(second.key());
    }

    @Test
    void saysThatTheClockIsWrongWhenTheAuthorityHasNotBegun() throws IOException {
        ClusterPki.open(dir, time);
        time.jumpTo(time.instant().minus(Duration.ofDays(400)));
        assertThatThrownBy(() -> ClusterPki.open(dir, time)).hasMessageContaining("set the clock");
        time.advance(Duration.ofDays(20 * 365));
        assertThatThrownBy(() -> ClusterPki.open(dir, time)).hasMessageContaining("ended at");
    }

    @Test
    void nothingOutlivesItsAuthority() throws IOException {
        var pki = ClusterPki.open(dir, time);
        time.advance(Duration.ofDays(3600));
        assertThat(pki.admin().certificate().getNotAfter())
                .isEqualTo(pki.authority().certificate().getNotAfter());
    }

    @Test
    void rotatesEverythingButTheAuthorities() throws Exception {
        var pki = ClusterPki.open(dir, time);
        var server = pki.apiServer(List.of("kubernetes", "fd00::1"));
        var proxy = pki.frontProxyClient();
        var before = List.of(server.get(), proxy.get(), pki.admin());
        time.advance(Duration.ofDays(1));
        assertThat(pki.rotate())
                .extracting(CertificateFile::name)
                .containsExactly("admin", "apiserver", "front-proxy-client");
        assertThat(List.of(server.get(), proxy.get(), pki.admin())).doesNotContainAnyElementsOf(before);
        assertThat(server.get().certificate().getSubjectAlternativeNames())
                .hasSameElementsAs(before.getFirst().certificate().getSubjectAlternativeNames());
        assertThat(ClusterPki.list(dir))
                .extracting(CertificateFile::name, CertificateFile::issuer)
                .containsExactly(
                        tuple("ca", "kubernetes"),
                        tuple("front-proxy-ca", "front-proxy-ca"),
                        tuple("admin", "kubernetes"),
                        tuple("apiserver", "kubernetes"),
                        tuple("front-proxy-client", "front-proxy-ca"));
    }

    @Test
    void everythingIsMadeAnewUnderNewAuthorities() throws Exception {
        var before = ClusterPki.open(dir, time);
        var admin = before.admin();
        before.frontProxyClient();
        var tokens = before.serviceAccountKeys();
        ClusterPki.retireAuthorities(dir);
        assertThat(dir.resolve("ca.key.old")).exists();
        var after = ClusterPki.open(dir, time);
        assertThat(after.authority().hash()).isNotEqualTo(before.authority().hash());
        assertThat(after.roots().refuse(admin.chain(), time.instant())).isPresent();
        assertThat(after.roots().refuse(after.admin().chain(), time.instant())).isEmpty();
        assertThat(after.frontProxyAuthority()
                        .roots()
                        .refuse(after.frontProxyClient().get().chain(), time.instant()))
                .isEmpty();
        assertThat(after.serviceAccountKeys())
                .as("tokens of accounts stay good")
                .isEqualTo(tokens);
    }

    @Test
    void anAuthorityIsDueALongTimeBeforeItEnds() throws Exception {
        var pki = ClusterPki.open(dir, time);
        pki.admin();
        assertThat(ClusterPki.list(dir)).noneMatch(file -> file.isAuthorityDue(time.instant()));
        time.advance(Duration.ofDays(3650 - 364));
        assertThat(ClusterPki.list(dir))
                .filteredOn(file -> file.isAuthorityDue(time.instant()))
                .extracting(CertificateFile::name)
                .containsExactly("ca");
    }

    private static void open(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
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
