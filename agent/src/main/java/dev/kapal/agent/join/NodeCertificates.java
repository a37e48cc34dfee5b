package dev.kapal.agent.join;

import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import dev.kapal.client.Clients;
import dev.kapal.client.ServerAccess;
import dev.kapal.pki.Identity;
import dev.kapal.pki.KeptIdentity;
import dev.kapal.pki.KeyFile;
import dev.kapal.pki.Pem;
import dev.kapal.pki.PkiException;
import dev.kapal.pki.Profile;
import dev.kapal.pki.TrustRoots;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The certificates of a node that joined, in the files `ca.crt`, `agent-client.*` and `agent-serving.*` of a
/// directory.
/// They come through the API and are renewed through it, on one thread; whoever uses them asks for them each time.
public final class NodeCertificates {
    private static final Log log = Log.of(NodeCertificates.class);
    /// The files by which the agent is known are `agent-client.crt` and `.key`.
    public static final String CLIENT = "agent-client";

    private static final String SERVING = "agent-serving";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /// Others may have to be asked; a request less often than that does not fill the list of requests.
    private static final Duration LONG_PATIENCE = Duration.ofMinutes(15);
    private static final Duration GLANCE = Duration.ofMinutes(1);
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final Path directory;
    private final String node;
    private final Time time;

    /// Starts what shows the serving certificate.
    @FunctionalInterface
    public interface ServerStart {
        void start(Supplier<Identity> identity) throws IOException;
    }

    public NodeCertificates(Path directory, String node, Time time) {
        this.directory = directory;
        this.node = node;
        this.time = time;
    }

    /// Whether the machine has joined before, with certificates that have not ended.
    public boolean hasJoined() throws IOException {
        if (!Files.exists(directory.resolve("ca.crt")) || !Identity.exists(directory, CLIENT)) {
            return false;
        }
        var ends = Identity.read(directory, CLIENT).certificate().getNotAfter().toInstant();
        return time.instant().isBefore(ends);
    }

    /// Joins the cluster at `server`: finds out whom to trust, and gets a certificate.
    ///
    /// @throws JoinException saying in a sentence why not
    public void join(String server, BootstrapToken token, String hash) throws IOException, InterruptedException {
        var roots = new Discovery(server, token, time).authority(hash);
        var access = ServerAccess.withToken(server, roots, token.text());
        try (var client = Clients.https(access)) {
            var identity = new CertificateClient(client, time).nodeClient(node, PATIENCE);
            if (identity.isEmpty()) {
                throw new JoinException(
                        "nobody approved this node's request for a certificate; look for it with kubectl get csr, approve it, and try again");
            }
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            identity.get().write(directory, CLIENT);
            Pem.writePublic(directory.resolve("ca.crt"), Pem.encode(roots.certificates()));
            log.info("joined", "server", server, "node", node);
        } catch (KubernetesClientException refusal) {
            throw new JoinException(refused(server, token, refusal));
        } catch (UncheckedIOException lost) {
            throw new JoinException("the API server at %s cannot be reached: %s"
                    .formatted(server, lost.getCause().getMessage()));
        }
    }

    private static String refused(String server, BootstrapToken token, KubernetesClientException refusal) {
        if (CertificateClient.isUnauthorized(refusal)) {
            return "the token %s is not valid at %s, or has expired; make a new one there: ./kapal token create"
                    .formatted(token.id(), server);
        }
        return "the API server at %s refuses the request for a certificate: %s"
                .formatted(
                        server,
                        refusal.getStatus() == null
                                ? refusal.getMessage()
                                : refusal.getStatus().getMessage());
    }

    public TrustRoots roots() throws IOException {
        return TrustRoots.read(directory.resolve("ca.crt"));
    }

    /// What the agent calls the API server with.
    public Supplier<Identity> client() throws IOException {
        return KeptIdentity.readOnly(directory, CLIENT, time);
    }

    /// Gets the serving certificate, which needs the node to be registered, and renews both for as long as `life`
    /// lasts.
    ///
    /// @param names under which the node is reached
    /// @param server started once, when there is a serving certificate
    public void keep(KubernetesClient client, List<String> names, Life life, ServerStart server) {
        life.start("node-certificates", () -> run(new CertificateClient(client, time), names, server));
    }

    private void run(CertificateClient certificates, List<String> names, ServerStart server)
            throws InterruptedException {
        boolean started = false;
        while (true) {
            boolean done = renew(certificates, names);
            started = started || start(server);
            time.sleep(done && started ? GLANCE : RETRY);
        }
    }

    private boolean start(ServerStart server) {
        try {
            if (!Identity.exists(directory, SERVING)) {
                return false;
            }
            server.start(KeptIdentity.readOnly(directory, SERVING, time));
            return true;
        } catch (IOException | PkiException failure) {
            log.warn("node server not started", "node", node, "cause", failure.getMessage());
            return false;
        }
    }

    /// Answers whether nothing is left to do.
    private boolean renew(CertificateClient certificates, List<String> names) throws InterruptedException {
        try {
            if (isDue(CLIENT)) {
                store(CLIENT, certificates.nodeClient(node, PATIENCE));
            }
            if (isDue(SERVING) || !covers(names)) {
                store(SERVING, certificates.nodeServing(node, names, LONG_PATIENCE));
            }
            return !isDue(CLIENT) && !isDue(SERVING);
        } catch (IOException
                | UncheckedIOException
                | KubernetesClientException
                | JoinException
                | PkiException failure) {
            log.warn("certificates not renewed", "node", node, "cause", failure.getMessage());
            return false;
        }
    }

    /// A key that is lost, or that others could read, is replaced as one that ends is.
    private boolean isDue(String name) throws IOException {
        return !Identity.exists(directory, name)
                || KeyFile.isOpenToOthers(directory.resolve(name + ".key"))
                || KeptIdentity.isDue(Identity.read(directory, name).certificate(), time.instant());
    }

    private boolean covers(List<String> names) throws IOException {
        return Identity.exists(directory, SERVING)
                && Profile.of(Identity.read(directory, SERVING).certificate())
                        .names()
                        .containsAll(names);
    }

    private void store(String name, Optional<Identity> identity) throws IOException {
        if (identity.isEmpty()) {
            log.warn("certificate waits for approval: kubectl get csr", "node", node, "certificate", name);
            return;
        }
        identity.get().write(directory, name);
        log.info(
                "certificate issued",
                "node",
                node,
                "certificate",
                name,
                "until",
                identity.get().certificate().getNotAfter().toInstant());
    }
}
