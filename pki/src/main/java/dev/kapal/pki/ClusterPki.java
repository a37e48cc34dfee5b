package dev.kapal.pki;

import dev.kapal.base.log.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// The key material of a cluster in one directory, made on first use and renewed before it ends. One process at
/// a time writes it; what exists is only read, so a second start costs little.
///
///     ca.crt ca.key                  the cluster's authority: servers and clients
///     front-proxy-ca.crt .key        vouches for front-proxy-client, who may name other users
///     apiserver.crt .key             what the API server shows
///     apiserver-kubelet-client.*     what it shows to node agents
///     admin.* controller-manager.* scheduler.* kubelet.*
///     service-account.key .pub       signs tokens
public final class ClusterPki {
    static final String AUTHORITY = "ca";
    private static final String FRONT_PROXY = "front-proxy-ca";
    private static final Log log = Log.of(ClusterPki.class);

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
        return new ClusterPki(
                directory, time, CertificateAuthority.openOrCreate(directory, AUTHORITY, "kubernetes", time));
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
    public KeptIdentity apiServer(List<String> names) throws IOException {
        return keep("apiserver", Profile.server("kube-apiserver", names));
    }

    public KeptIdentity kubeletClient() throws IOException {
        return keep(
                "apiserver-kubelet-client", Profile.client("kube-apiserver-kubelet-client", "kubeadm:cluster-admins"));
    }

    /// For people: an RSA key, because some Kubernetes clients read no other kind from a kubeconfig.
    public Identity admin() throws IOException {
        return ensure(authority, "admin", Profile.person("kubernetes-admin", Profile.YEAR, "system:masters"));
    }

    public KeptIdentity controllerManager() throws IOException {
        return keep("controller-manager", Profile.client("system:kube-controller-manager"));
    }

    public KeptIdentity scheduler() throws IOException {
        return keep("scheduler", Profile.client("system:kube-scheduler"));
    }

    /// Makes or renews what components in other processes read, beside what this process asks for.
    public void keepComponents() throws IOException {
        kubeletClient();
        controllerManager();
        scheduler();
        frontProxyClient();
    }

    /// The node agent's, for serving and for calling.
    public KeptIdentity kubelet(String nodeName, List<String> addresses) throws IOException {
        return keep("kubelet", Profile.node(nodeName, addresses));
    }

    /// The authority that vouches for aggregating proxies.
    public synchronized CertificateAuthority frontProxyAuthority() throws IOException {
        return CertificateAuthority.openOrCreate(directory, FRONT_PROXY, FRONT_PROXY, time);
    }

    /// Whether [#serviceAccountKeys] only reads, or refuses, and makes nothing.
    public boolean hasServiceAccountKeys() {
        return Files.exists(directory.resolve("service-account.key"))
                || Files.exists(directory.resolve("service-account.pub"));
    }

    public ServiceAccountKeys serviceAccountKeys() throws IOException {
        return ServiceAccountKeys.openOrCreate(directory);
    }

    /// What the API server shows to the servers it forwards requests to: they take its word on who the user is.
    public synchronized KeptIdentity frontProxyClient() throws IOException {
        var issuer = frontProxyAuthority();
        var profile = Profile.client("front-proxy-client");
        return KeptIdentity.of(
                directory, "front-proxy-client", () -> ensure(issuer, "front-proxy-client", profile), time);
    }

    /// The identity in the files `name.*`, made now if need be and renewed for as long as it is used.
    public KeptIdentity keep(String name, Profile profile) throws IOException {
        return KeptIdentity.of(directory, name, () -> ensure(authority, name, profile), time);
    }

    /// Every certificate of the directory.
    public static List<CertificateFile> list(Path directory) throws IOException {
        return CertificateFile.in(directory);
    }

    /// Lays the authorities aside as `ca.crt.old` and so on; the next [#open] makes new ones. Nothing that the old ones
    /// let in gets in then, so this is for a cluster that does not run. The key of the tokens stays.
    public static void retireAuthorities(Path directory) throws IOException {
        for (var name : List.of(AUTHORITY, FRONT_PROXY)) {
            for (var file : List.of(name + ".crt", name + ".key")) {
                if (Files.exists(directory.resolve(file))) {
                    Files.move(
                            directory.resolve(file),
                            directory.resolve(file + ".old"),
                            StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    /// New keys and certificates for all but the authorities, for the same owners and names. Processes that use them
    /// take the new ones at their next handshake; old ones are good until they end.
    public List<CertificateFile> rotate() throws IOException {
        var rotated = new ArrayList<CertificateFile>();
        for (var file : list(directory)) {
            if (!file.isAuthority()) {
                var issuer = file.issuer().equals(FRONT_PROXY) ? frontProxyAuthority() : authority;
                var made = issuer.issue(Profile.of(file.certificate()));
                made.write(directory, file.name());
                rotated.add(new CertificateFile(file.name(), made.certificate()));
            }
        }
        return List.copyOf(rotated);
    }

    /// What is there if it still says what `profile` asks for, else a new one. A key that is lost, or that others could
    /// read, costs no more than a new one.
    private synchronized Identity ensure(CertificateAuthority issuer, String name, Profile profile) throws IOException {
        if (Identity.exists(directory, name)) {
            if (KeyFile.isOpenToOthers(directory.resolve(name + ".key"))) {
                log.warn("key replaced because others could read it", "file", directory.resolve(name + ".key"));
            } else {
                var known = Identity.read(directory, name);
                if (fits(known, profile, issuer)) {
                    return known;
                }
            }
        }
        var made = issuer.issue(profile);
        made.write(directory, name);
        return made;
    }

    private boolean fits(Identity identity, Profile profile, CertificateAuthority issuer) {
        var certificate = identity.certificate();
        var asked = Profile.of(certificate);
        return issuer.issued(certificate)
                && identity.isPair()
                && !KeptIdentity.isDue(certificate, time.instant())
                && asked.commonName().equals(profile.commonName())
                && asked.organizations().equals(profile.organizations())
                && new HashSet<>(asked.names()).containsAll(Profile.normal(profile.names()));
    }
}
