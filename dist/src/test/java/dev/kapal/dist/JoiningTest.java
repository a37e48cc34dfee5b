package dev.kapal.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kapal.agent.join.BootstrapToken;
import dev.kapal.agent.join.JoinException;
import dev.kapal.agent.join.NodeCertificates;
import dev.kapal.apiserver.AccessOptions;
import dev.kapal.apiserver.Protection;
import dev.kapal.base.life.Life;
import dev.kapal.base.log.LogFormat;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.cli.KubeconfigCommand;
import dev.kapal.cli.Token;
import dev.kapal.client.Clients;
import dev.kapal.client.ServerAccess;
import dev.kapal.model.ResourceRegistry;
import dev.kapal.pki.ClusterPki;
import dev.kapal.pki.Identity;
import dev.kapal.pki.Profile;
import dev.kapal.pki.Subject;
import dev.kapal.store.MemoryStore;
import dev.kapal.store.Store;
import dev.kapal.testkit.FakeTime;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// Machines that join a cluster over its real API, and people who get access to it; containers have no part in this.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(90)
class JoiningTest {
    private static final Time TIME = Time.system();

    @TempDir
    static Path data;

    @TempDir
    Path machine;

    private final Store store = MemoryStore.open();
    private ControlPlane plane;
    private KubernetesClient admin;

    @BeforeAll
    void start() throws Exception {
        LogFormat.install(Level.WARNING);
        var pki = ClusterPki.open(data.resolve("pki"), TIME);
        plane = ControlPlane.start(
                pki,
                store,
                ResourceRegistry.builtIn(),
                new ControlPlane.Settings(0, AccessOptions.DEFAULT, Protection.DEFAULT),
                TIME,
                new Metrics());
        AdminAccess.write(pki, data.resolve("kubeconfig"), plane.port());
        admin = Clients.https(data.resolve("kubeconfig"));
    }

    @AfterAll
    void stop() {
        admin.close();
        plane.close();
        store.close();
    }

    /// What `kapal token create` printed.
    private record Invitation(String server, String token, String hash) {
        static Invitation of(String line) {
            var words = line.strip().split(" ");
            assertThat(line).startsWith("./kapal agent --server https://");
            return new Invitation(words[3], words[5], words[7]);
        }
    }

    private static String run(Object command, String... arguments) {
        var out = new StringWriter();
        var line = new CommandLine(command).setOut(new PrintWriter(out, true));
        line.setExecutionExceptionHandler((failure, commandLine, parsed) -> {
            throw failure;
        });
        line.setErr(new PrintWriter(out, true));
        assertThat(line.execute(arguments)).as(out.toString()).isZero();
        return out.toString();
    }

    private static Invitation invite() {
        return Invitation.of(run(new Token(), "create", "--data-dir", data.toString(), "--ttl", "1h"));
    }

    private NodeCertificates certificates(String node) {
        return new NodeCertificates(machine.resolve("pki"), node, TIME);
    }

    @Test
    void aMachineGetsBothCertificatesAndMayActForItsNodeOnly() throws Exception {
        var invitation = invite();
        var certificates = certificates("n7");
        assertThat(certificates.hasJoined()).isFalse();
        certificates.join(invitation.server(), BootstrapToken.parse(invitation.token()), invitation.hash());
        assertThat(certificates.hasJoined()).isTrue();
        var access = ServerAccess.withIdentity(invitation.server(), certificates.roots(), certificates.client());
        try (var client = Clients.https(access);
                var life = new Life("machine")) {
            client.resource(node("n7", "192.0.2.77")).create();
            assertThatThrownBy(() -> client.resource(node("n8", "192.0.2.78")).create())
                    .isInstanceOf(KubernetesClientException.class)
                    .hasMessageContaining("forbidden");
            var shown = new CountDownLatch(1);
            var serving = new Supplier<?>[1];
            certificates.keep(client, List.of("n7", "192.0.2.77", "127.0.0.1"), life, identity -> {
                serving[0] = identity;
                shown.countDown();
            });
            assertThat(shown.await(30, TimeUnit.SECONDS)).isTrue();
            var certificate = ((Identity) serving[0].get()).certificate();
            assertThat(Subject.of(certificate.getSubjectX500Principal()))
                    .isEqualTo(new Subject("system:node:n7", List.of("system:nodes")));
            assertThat(certificate.getSubjectAlternativeNames()).hasSize(3);
        }
    }

    @Test
    void aRunningAgentRenewsBothCertificatesBeforeTheyEnd() throws Exception {
        var invitation = invite();
        var certificates = certificates("n6");
        certificates.join(invitation.server(), BootstrapToken.parse(invitation.token()), invitation.hash());
        var files = machine.resolve("pki");
        plane.pki().authority().issue(shortLived(true)).write(files, NodeCertificates.CLIENT);
        plane.pki().authority().issue(shortLived(false)).write(files, "agent-serving");
        var calls = certificates.client();
        var firstCall = calls.get().certificate();
        var access = ServerAccess.withIdentity(invitation.server(), certificates.roots(), calls);
        try (var client = Clients.https(access);
                var life = new Life("machine")) {
            client.resource(node("n6", "192.0.2.66")).create();
            var shown = new CountDownLatch(1);
            var serving = new Supplier<?>[1];
            certificates.keep(client, List.of("n6", "192.0.2.66"), life, identity -> {
                serving[0] = identity;
                shown.countDown();
            });
            assertThat(shown.await(30, TimeUnit.SECONDS)).isTrue();
            var nextMonth = Date.from(TIME.instant().plus(Duration.ofDays(30)));
            assertThat(firstCall.getNotAfter()).isBefore(nextMonth);
            assertThat(calls.get().certificate().getNotAfter()).isAfter(nextMonth);
            assertThat(((Identity) serving[0].get()).certificate().getNotAfter())
                    .isAfter(nextMonth);
            assertThat(client.nodes().withName("n6").get()).isNotNull();
        }
    }

    @Test
    void aRunningAgentReplacesAKeyThatIsLostOrThatOthersMayRead() throws Exception {
        var invitation = invite();
        var certificates = certificates("n5");
        certificates.join(invitation.server(), BootstrapToken.parse(invitation.token()), invitation.hash());
        var files = machine.resolve("pki");
        plane.pki().authority().issue(Profile.node("n5", List.of("192.0.2.55"))).write(files, "agent-serving");
        var calls = certificates.client();
        var first = calls.get();
        Files.setPosixFilePermissions(files.resolve("agent-client.key"), PosixFilePermissions.fromString("rw-r--r--"));
        Files.delete(files.resolve("agent-serving.key"));
        var access = ServerAccess.withIdentity(invitation.server(), certificates.roots(), calls);
        try (var client = Clients.https(access);
                var life = new Life("machine")) {
            client.resource(node("n5", "192.0.2.55")).create();
            var shown = new CountDownLatch(1);
            certificates.keep(client, List.of("n5", "192.0.2.55"), life, identity -> shown.countDown());
            assertThat(shown.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(calls.get().key()).isNotEqualTo(first.key());
            assertThat(Files.getPosixFilePermissions(files.resolve("agent-client.key")))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
    }

    /// A certificate of the agent's in the last third of its life.
    private static Profile shortLived(boolean calls) {
        return new Profile(
                "system:node:n6",
                List.of("system:nodes"),
                calls ? List.of() : List.of("n6", "192.0.2.66"),
                !calls,
                calls,
                Profile.KeyKind.CURVE,
                Duration.ofMinutes(1));
    }

    @Test
    void aWrongHashIsNotTrusted() {
        var invitation = invite();
        assertThatThrownBy(() -> certificates("n9")
                        .join(
                                invitation.server(),
                                BootstrapToken.parse(invitation.token()),
                                "sha256:" + "0".repeat(64)))
                .isInstanceOf(JoinException.class)
                .hasMessageContaining("has another authority than --ca-hash says (" + invitation.hash())
                .hasMessageContaining("nothing was trusted");
    }

    @Test
    void aTokenWithAWrongSecretIsNotTrusted() {
        var invitation = invite();
        var wrong = BootstrapToken.parse(invitation.token().substring(0, 7) + "0123456789abcdef");
        assertThatThrownBy(() -> certificates("n9").join(invitation.server(), wrong, invitation.hash()))
                .isInstanceOf(JoinException.class)
                .hasMessageContaining("the secret part of the token is wrong");
    }

    @Test
    void anUnknownOrExpiredTokenIsNamed() {
        var invitation = invite();
        admin.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace("kube-system")
                        .withName("bootstrap-token-expire")
                        .endMetadata()
                        .withType("bootstrap.kubernetes.io/token")
                        .withStringData(Map.of(
                                "token-id", "expire",
                                "token-secret", "0123456789abcdef",
                                "usage-bootstrap-authentication", "true",
                                "usage-bootstrap-signing", "true",
                                "expiration", "2020-01-01T00:00:00Z"))
                        .build())
                .create();
        for (var token : List.of("expire.0123456789abcdef", "zzzzzz.0123456789abcdef")) {
            assertThatThrownBy(() -> certificates("n9")
                            .join(invitation.server(), BootstrapToken.parse(token), invitation.hash()))
                    .isInstanceOf(JoinException.class)
                    .hasMessageContaining("is not known to the cluster")
                    .hasMessageContaining("or has expired");
        }
        assertThatThrownBy(() -> BootstrapToken.parse("secret"))
                .hasMessageContaining("a token looks like abcdef.0123456789abcdef");
    }

    @Test
    void aClockThatIsOffIsNamedBeforeAnythingElse() {
        var invitation = invite();
        var clock = new FakeTime();
        clock.jumpTo(TIME.instant().minus(Duration.ofHours(2)));
        assertThatThrownBy(() -> new NodeCertificates(machine.resolve("pki"), "n9", clock)
                        .join(invitation.server(), BootstrapToken.parse(invitation.token()), invitation.hash()))
                .isInstanceOf(JoinException.class)
                .hasMessageContaining("this machine's clock says")
                .hasMessageContaining("set them right");
    }

    @Test
    void aServerThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> certificates("n9")
                        .join(
                                "https://127.0.0.1:1",
                                BootstrapToken.parse("abcdef.0123456789abcdef"),
                                "sha256:" + "0".repeat(64)))
                .isInstanceOf(JoinException.class)
                .hasMessageContaining("nothing answers at https://127.0.0.1:1");
    }

    @Test
    void tokensAreListedWithoutTheirSecretsAndDeleted() {
        var token = invite().token();
        var listed = run(new Token(), "list", "--data-dir", data.toString());
        assertThat(listed).contains(token.substring(0, 6)).doesNotContain(token.substring(7));
        run(new Token(), "delete", token, "--data-dir", data.toString());
        assertThat(run(new Token(), "list", "--data-dir", data.toString())).doesNotContain(token.substring(0, 6));
    }

    @Test
    void aPersonGetsACertificateAndHearsWhatIsBoundToIt() throws Exception {
        var file = machine.resolve("anna.kubeconfig");
        var said = run(
                new KubeconfigCommand(),
                "create",
                "anna",
                "--group",
                "developers",
                "--ttl",
                "2h",
                "--data-dir",
                data.toString(),
                "-o",
                file.toString());
        assertThat(said).contains("user anna, valid until").contains("Nothing is bound to the user yet");
        try (var anna = Clients.https(file)) {
            assertThatThrownBy(() -> anna.pods().inNamespace("default").list())
                    .hasMessageContaining("User \"anna\" cannot list resource \"pods\"");
        }
    }

    private static HasMetadata node(String name, String address) {
        return new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewStatus()
                .addNewAddress(address, "InternalIP")
                .endStatus()
                .build();
    }
}
