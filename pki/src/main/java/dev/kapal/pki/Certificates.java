package dev.kapal.pki;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
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

/// Builds X.509 certificates. Stateless. The only class that knows Bouncy Castle, and that only for the structures:
/// the
/// JDK's providers do the cryptography. A process that finds its certificates on disk never loads it.
final class Certificates {
    /// Clocks of other machines may be behind ours.
    private static final Duration SKEW = Duration.ofMinutes(5);

    private static final SecureRandom RANDOM = new SecureRandom();

    private Certificates() {}

    /// An authority's own.
    static X509Certificate selfSigned(String commonName, KeyPair keys, Instant now, Duration ttl) {
        var name = new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, commonName)
                .build();
        var builder = builder(name, name, keys.getPublic(), now, ttl);
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
        return sign(builder, keys.getPrivate());
    }

    /// One that `authority` vouches for.
    static X509Certificate issued(Identity authority, Profile profile, PublicKey key, Instant now) {
        var issuer = X500Name.getInstance(
                authority.certificate().getSubjectX500Principal().getEncoded());
        var builder = builder(issuer, subject(profile), key, now, profile.ttl());
        try {
            addExtensions(builder, authority, profile, key);
        } catch (CertIOException | GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
        return sign(builder, authority.key());
    }

    private static X509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, PublicKey key, Instant now, Duration ttl) {
        var serial = new BigInteger(127, RANDOM).add(BigInteger.ONE);
        return new JcaX509v3CertificateBuilder(
                issuer, serial, Date.from(now.minus(SKEW)), Date.from(now.plus(ttl)), subject, key);
    }

    private static void addExtensions(
            X509v3CertificateBuilder builder, Identity authority, Profile profile, PublicKey key)
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
            var names = profile.names().stream().map(Certificates::generalName).toArray(GeneralName[]::new);
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

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key) {
        try {
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(key);
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (OperatorCreationException | GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
