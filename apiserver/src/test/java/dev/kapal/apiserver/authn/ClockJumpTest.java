package dev.kapal.apiserver.authn;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.base.metric.Metrics;
import dev.kapal.model.GroupVersionResource;
import dev.kapal.model.codec.Documents;
import dev.kapal.pki.CertificateAuthority;
import dev.kapal.pki.Identity;
import dev.kapal.pki.Profile;
import dev.kapal.pki.ServiceAccountKeys;
import dev.kapal.testkit.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Credentials while somebody sets the server's clock: what is remembered of them never outlives the time that they are
/// for, and a clock that is right again is enough to make all good.
class ClockJumpTest {
    private static final List<String> AUDIENCES = ServiceAccountOptions.DEFAULT.audiences();
    private static final Duration HOUR = Duration.ofHours(1);

    private final FakeTime time = new FakeTime();
    private final Instant noon = time.instant();

    private static Optional<ObjectNode> stored(GroupVersionResource resource, String namespace, String name) {
        var object = Documents.object();
        object.putObject("metadata")
                .put("namespace", namespace)
                .put("name", name)
                .put("uid", "u-1");
        if (resource.equals(BoundTokens.SECRETS)) {
            object.put("type", "bootstrap.kubernetes.io/token");
            var data = object.putObject("data");
            data.put("token-id", "YWJjZGVm"); // abcdef
            data.put("token-secret", "MDEyMzQ1Njc4OWFiY2RlZg=="); // 0123456789abcdef
            data.put("usage-bootstrap-authentication", "dHJ1ZQ=="); // true
            data.put("expiration", "MjAyNS0wMS0wMVQwMTowMDowMFo="); // an hour after the fake clock's start
        }
        return Optional.of(object);
    }

    private interface Look {
        boolean isLetIn() throws InterruptedException;
    }

    /// @param before whether it is bad at a time before it was made; a bootstrap token has an end only
    private void staysWithinItsHour(Look look, boolean before) throws InterruptedException {
        assertThat(look.isLetIn()).isTrue();
        time.jumpTo(noon.plus(HOUR).plus(Duration.ofMinutes(10)));
        assertThat(look.isLetIn()).as("an hour later").isFalse();
        time.jumpTo(noon);
        assertThat(look.isLetIn()).as("set right again").isTrue();
        time.jumpTo(noon.minus(Duration.ofDays(400)));
        assertThat(look.isLetIn()).as("last year").isNotEqualTo(before);
        time.jumpTo(noon.plus(Duration.ofMinutes(30)));
        assertThat(look.isLetIn()).as("set right again").isTrue();
    }

    @Test
    void aTokenOfAnAccount() throws Exception {
        var keys = ServiceAccountKeys.create();
        var tokens = new ServiceAccountTokens(() -> keys, ServiceAccountOptions.DEFAULT, time, new Random(7));
        var bound = new BoundTokens(tokens, ClockJumpTest::stored, time);
        var account = stored(BoundTokens.ACCOUNTS, "default", "app").orElseThrow();
        String token = tokens.issue(account, AUDIENCES, HOUR, List.of(), Optional.empty());
        staysWithinItsHour(() -> bound.check(token, AUDIENCES) instanceof TokenAuthenticator.Valid, true);
    }

    @Test
    void aClientsCertificate() throws Exception {
        time.jumpTo(noon.minus(Duration.ofDays(500)));
        var authority = CertificateAuthority.create("kubernetes", time);
        time.jumpTo(noon);
        Identity ann = authority.issue(Profile.person("ann", HOUR));
        var certificates = new ClientCertificates(authority.roots(), new Metrics(), time);
        staysWithinItsHour(() -> certificates.check(ann.chain()) instanceof Authenticator.Known, true);
    }

    @Test
    void aBootstrapToken() throws Exception {
        var tokens = new BootstrapTokens(ClockJumpTest::stored, time);
        staysWithinItsHour(
                () -> tokens.check("abcdef.0123456789abcdef", AUDIENCES) instanceof TokenAuthenticator.Valid, false);
    }
}
