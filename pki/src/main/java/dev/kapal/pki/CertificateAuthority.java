package dev.kapal.pki;

import dev.kapal.base.log.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;

/// Issues certificates. Any thread.
public final class CertificateAuthority {
    private static final Duration SHORT = Duration.ofHours(8);
    private static final Duration AUTHORITY_TTL = Duration.ofDays(3650);

    private static final Log log = Log.of(CertificateAuthority.class);

    private final Identity authority;
    private final InstantSource time;

    private CertificateAuthority(Identity authority, InstantSource time) {
        this.authority = authority;
        this.time = time;
    }

    /// The authority in `name.crt` and `name.key` of the directory, made when both are missing.
    ///
    /// @throws PkiException when only one is there: a new authority would lock out all that the old one let in
    public static CertificateAuthority openOrCreate(Path directory, String name, String commonName, InstantSource time)
            throws IOException {
        if (Identity.exists(directory, name)) {
            KeyFile.check(directory.resolve(name + ".key"));
            var known = new CertificateAuthority(Identity.read(directory, name), time);
            known.checkTime(directory.resolve(name + ".crt"));
            if (known.endsSoon()) {
                log.warn(
                        "an authority ends; replace it while the cluster is down: kapal certs rotate --authorities",
                        "file",
                        directory.resolve(name + ".crt"),
                        "until",
                        known.certificate().getNotAfter().toInstant());
            }
            return known;
        }
        for (var half : List.of(name + ".key", name + ".crt")) {
            if (Files.exists(directory.resolve(name + ".crt")) != Files.exists(directory.resolve(name + ".key"))
                    && !Files.exists(directory.resolve(half))) {
                throw new PkiException(
                        "%s is missing, and a new authority would lock out all that the old one let in; put the file back from a backup"
                                .formatted(directory.resolve(half)));
            }
        }
        var made = create(commonName, time);
        made.authority.write(directory, name);
        return made;
    }

    /// A new authority in memory.
    public static CertificateAuthority create(String commonName, InstantSource time) {
        KeyPair keys = curveKeys();
        var certificate = Certificates.selfSigned(commonName, keys, time.instant(), AUTHORITY_TTL);
        return new CertificateAuthority(new Identity(List.of(certificate), keys.getPrivate()), time);
    }

    public X509Certificate certificate() {
        return authority.certificate();
    }

    /// What clients put into their kubeconfig.
    public String certificatePem() {
        return authority.certificatePem();
    }

    /// What a joining machine knows the authority by: `sha256:` and the hash of its public key.
    public String hash() {
        return roots().hashes().getFirst();
    }

    public TrustRoots roots() {
        return new TrustRoots(List.of(certificate()));
    }

    /// A new key with a certificate for it.
    public Identity issue(Profile profile) {
        KeyPair keys = keys(profile);
        return new Identity(List.of(issue(profile, keys.getPublic())), keys.getPrivate());
    }

    /// A certificate for a key that the other side keeps.
    public X509Certificate issue(Profile profile, PublicKey key) {
        return Certificates.issued(authority, profile, key, time.instant());
    }

    /// A certificate for a request that was approved, in PEM.
    ///
    /// @param usages by their names in the Certificates API
    /// @param ttl from now; one of less than eight hours does not lose the five minutes that it is dated back
    public String sign(CertificateRequest request, Collection<String> usages, Duration ttl) {
        var now = time.instant();
        var end = ttl.compareTo(SHORT) < 0 ? now.plus(ttl) : now.plus(ttl).minus(Certificates.SKEW);
        var made = Certificates.requested(authority, request, usages, now.minus(Certificates.SKEW), end);
        return Pem.encode(List.of(made));
    }

    private boolean endsSoon() {
        return CertificateFile.isAuthorityDue(certificate(), time.instant());
    }

    /// Whether this very authority issued the certificate; another one may have the same name.
    boolean issued(X509Certificate certificate) {
        try {
            certificate.verify(certificate().getPublicKey());
            return true;
        } catch (GeneralSecurityException another) {
            return false;
        }
    }

    /// An authority of another time makes every connection fail in a way that names no cause.
    private void checkTime(Path file) {
        var now = time.instant();
        var begins = certificate().getNotBefore().toInstant();
        var ends = certificate().getNotAfter().toInstant();
        if (now.isBefore(begins)) {
            throw new PkiException("the authority in %s begins at %s, but this machine's clock says %s; set the clock"
                    .formatted(file, begins, now));
        }
        if (!now.isBefore(ends)) {
            throw new PkiException(
                    "the authority in %s ended at %s and this machine's clock says %s; set the clock if it is wrong, else the cluster needs a new authority"
                            .formatted(file, ends, now));
        }
    }

    private static KeyPair keys(Profile profile) {
        return switch (profile.kind()) {
            case CURVE -> curveKeys();
            case RSA -> rsaKeys();
        };
    }

    private static KeyPair rsaKeys() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    /// A new pair on the curve that everybody reads, P-256.
    public static KeyPair curveKeys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
