package dev.kapal.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Issues certificates with keys on the curve P-256. Any thread.
///
/// Bouncy Castle only builds the structures; the JDK's providers do the cryptography, so nothing of it is loaded by a
/// process that finds its certificates on disk.
public final class CertificateAuthority {
    private static final Duration AUTHORITY_TTL = Duration.ofDays(3650);
    /// Clocks of other machines may be behind ours.
    private static final Duration SKEW = Duration.ofMinutes(5);

    private final Identity authority;
    private final InstantSource time;
    private final SecureRandom random = new SecureRandom();

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
        var name = new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, commonName)
                .build();
        Instant now = time.instant();
        var random = new SecureRandom();
        var builder = new JcaX509v3CertificateBuilder(
                name,
                serial(random),
                Date.from(now.minus(SKEW)),
                Date.from(now.plus(AUTHORITY_TTL)),
                name,
                keys.getPublic());
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign | KeyUsage.digitalSignature));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
        } catch (CertIOException | GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
        var certificate = sign(builder, keys.getPrivate());
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
        Instant now = time.instant();
        var issuer = X500Name.getInstance(
                authority.certificate().getSubjectX500Principal().getEncoded());
        var builder = new JcaX509v3CertificateBuilder(
                issuer,
                serial(random),
                Date.from(now.minus(SKEW)),
                Date.from(now.plus(profile.ttl())),
                subject(profile),
                key);
        try {
            addExtensions(builder, profile, key);
        } catch (CertIOException | GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
        return sign(builder, authority.key());
    }

    private void addExtensions(X509v3CertificateBuilder builder, Profile profile, PublicKey key)
            throws CertIOException, GeneralSecurityException {
        var extensions = new JcaX509ExtensionUtils();
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(
                Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
        var purposes = new ArrayList<KeyPurposeId>();
        if (profile.server()) {
            purposes.add(KeyPurposeId.id_kp_serverAuth);
        }
        if (profile.client()) {
            purposes.add(KeyPurposeId.id_kp_clientAuth);
        }
        builder.addExtension(
                Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)));
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                extensions.createAuthorityKeyIdentifier(authority.certificate().getPublicKey()));
        builder.addExtension(Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(key));
        if (!profile.names().isEmpty()) {
            var names = profile.names().stream()
                    .map(CertificateAuthority::generalName)
                    .toArray(GeneralName[]::new);
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        }
    }

    private static X500Name subject(Profile profile) {
        var subject = new X500NameBuilder(BCStyle.INSTANCE);
        profile.organizations().forEach(organization -> subject.addRDN(BCStyle.O, organization));
        return subject.addRDN(BCStyle.CN, profile.commonName()).build();
    }

    private static GeneralName generalName(String name) {
        boolean address = name.indexOf(':') >= 0 || name.chars().allMatch(c -> c == '.' || c >= '0' && c <= '9');
        return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name);
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

    private static BigInteger serial(SecureRandom random) {
        return new BigInteger(127, random).add(BigInteger.ONE);
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key) {
        try {
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(key);
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (OperatorCreationException | GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
