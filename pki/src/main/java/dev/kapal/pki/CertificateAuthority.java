package dev.kapal.pki;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/// Issues certificates. Any thread.
public final class CertificateAuthority {
    private static final Duration AUTHORITY_TTL = Duration.ofDays(3650);

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
            return new CertificateAuthority(Identity.read(directory, name), time);
        }
        if (directory.resolve(name + ".crt").toFile().exists()
                || directory.resolve(name + ".key").toFile().exists()) {
            throw new PkiException("one of " + directory.resolve(name) + ".crt and .key is missing");
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

    /// Clients get RSA keys: some Kubernetes clients read no other kind from a kubeconfig. Servers get the faster
    /// curve.
    private static KeyPair keys(Profile profile) {
        return profile.server() ? curveKeys() : rsaKeys();
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

    private static KeyPair curveKeys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
