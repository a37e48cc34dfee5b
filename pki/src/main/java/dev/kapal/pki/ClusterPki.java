package dev.kapal.pki;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateParsingException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.TreeSet;

/// The key material of a cluster in one directory, made on first use and renewed when it runs out. One process at a
/// time writes it; what exists is only read, so a second start costs little.
///
///     ca.crt ca.key                  the cluster's authority: servers and clients
///     front-proxy-ca.crt .key        vouches for front-proxy-client, who may name other users
///     apiserver.crt .key             what the API server shows
///     apiserver-kubelet-client.*     what it shows to node agents
///     admin.* controller-manager.* scheduler.* kubelet.*
///     service-account.key .pub       signs tokens
public final class ClusterPki {
    /// A certificate that ends within this time is replaced at the next start.
    private static final Duration RENEW_BEFORE = Duration.ofDays(30);

    private final Path directory;
    private final InstantSource time;
    private final CertificateAuthority authority;

    private ClusterPki(Path directory, InstantSource time, CertificateAuthority authority) {
        this.directory = directory;
        this.time = time;
        this.authority = authority;
    }

    /// Opens the directory, with a new authority when it has none.
    ///
    /// @throws PkiException when a file is broken or half of a pair is missing; nothing is overwritten then
    public static ClusterPki open(Path directory, InstantSource time) throws IOException {
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Files.createDirectories(directory, ownerOnly);
        return new ClusterPki(directory, time, CertificateAuthority.openOrCreate(directory, "ca", "kubernetes", time));
    }

    public Path directory() {
        return directory;
    }

    public CertificateAuthority authority() {
        return authority;
    }

    public TrustRoots roots() {
        return authority.roots();
    }

    /// @param names DNS names and addresses under which clients reach the server
    public Identity apiServer(List<String> names) throws IOException {
        return ensure("apiserver", Profile.server("kube-apiserver", names));
    }

    public Identity kubeletClient() throws IOException {
        return ensure(
                "apiserver-kubelet-client", Profile.client("kube-apiserver-kubelet-client", "kubeadm:cluster-admins"));
    }

    public Identity admin() throws IOException {
        return ensure("admin", Profile.client("kubernetes-admin", "system:masters"));
    }

    public Identity controllerManager() throws IOException {
        return ensure("controller-manager", Profile.client("system:kube-controller-manager"));
    }

    public Identity scheduler() throws IOException {
        return ensure("scheduler", Profile.client("system:kube-scheduler"));
    }

    /// The node agent's, for serving and for calling.
    public Identity kubelet(String nodeName, List<String> addresses) throws IOException {
        return ensure("kubelet", Profile.node(nodeName, addresses));
    }

    /// The authority that vouches for aggregating proxies.
    public CertificateAuthority frontProxyAuthority() throws IOException {
        return CertificateAuthority.openOrCreate(directory, "front-proxy-ca", "front-proxy-ca", time);
    }

    public ServiceAccountKeys serviceAccountKeys() throws IOException {
        return ServiceAccountKeys.openOrCreate(directory);
    }

    /// The identity in the files `name.*` if it still says what `profile` asks for, else a new one.
    public Identity ensure(String name, Profile profile) throws IOException {
        if (Identity.exists(directory, name)) {
            var known = Identity.read(directory, name);
            if (fits(known, profile)) {
                return known;
            }
        }
        var made = authority.issue(profile);
        made.write(directory, name);
        return made;
    }

    private boolean fits(Identity identity, Profile profile) {
        var certificate = identity.certificate();
        boolean lasts =
                certificate.getNotAfter().toInstant().isAfter(time.instant().plus(RENEW_BEFORE));
        boolean ours = certificate
                .getIssuerX500Principal()
                .equals(authority.certificate().getSubjectX500Principal());
        boolean same = identity.toString().contains("CN=" + profile.commonName());
        return lasts && ours && same && names(identity).containsAll(profile.names());
    }

    private static TreeSet<String> names(Identity identity) {
        var names = new TreeSet<String>();
        try {
            var alternatives = identity.certificate().getSubjectAlternativeNames();
            if (alternatives != null) {
                alternatives.forEach(pair -> names.add(String.valueOf(pair.get(1))));
            }
        } catch (CertificateParsingException unreadable) {
            return names;
        }
        return names;
    }
}
