package dev.kapal.pki;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/// Builds X.509 certificates (RFC 5280). Stateless. The structures are written here because the JDK only reads them,
/// and a library for it costs more time at the first start than all cryptography together.
final class Certificates {
    /// Clocks of other machines may be behind ours.
    static final Duration SKEW = Duration.ofMinutes(5);

    private static final SecureRandom RANDOM = new SecureRandom();

    private static final byte[] VERSION_3 = Der.explicit(0, Der.integer(BigInteger.TWO));
    private static final byte[] ECDSA_WITH_SHA256 = Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
    private static final String COMMON_NAME = "2.5.4.3";
    private static final String ORGANIZATION = "2.5.4.10";
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

    private static final int DIGITAL_SIGNATURE = 0x8000;
    private static final int KEY_ENCIPHERMENT = 0x2000;
    private static final int KEY_CERT_SIGN = 0x0400;
    private static final int CRL_SIGN = 0x0200;

    private Certificates() {}

    /// An authority's own.
    static X509Certificate selfSigned(String commonName, KeyPair keys, Instant now, Duration ttl) {
        byte[] name = Der.sequence(attribute(COMMON_NAME, commonName));
        var extensions = List.of(
                basicConstraints(true),
                keyUsage(DIGITAL_SIGNATURE | KEY_CERT_SIGN | CRL_SIGN),
                subjectKeyIdentifier(keys.getPublic()));
        return sign(body(name, name, keys.getPublic(), now.minus(SKEW), now.plus(ttl), extensions), keys.getPrivate());
    }

    /// One that `authority` vouches for.
    static X509Certificate issued(Identity authority, Profile profile, PublicKey key, Instant now) {
        var authorityCertificate = authority.certificate();
        var extensions = new ArrayList<>(List.of(
                basicConstraints(false),
                keyUsage(DIGITAL_SIGNATURE | KEY_ENCIPHERMENT),
                extendedKeyUsage(profile),
                authorityKeyIdentifier(authorityCertificate.getPublicKey()),
                subjectKeyIdentifier(key)));
        if (!profile.names().isEmpty()) {
            extensions.add(alternativeNames(profile.names()));
        }
        byte[] issuer = authorityCertificate.getSubjectX500Principal().getEncoded();
        // Nothing outlives whoever vouches for it.
        var wanted = now.plus(profile.ttl());
        var last = authorityCertificate.getNotAfter().toInstant();
        var end = wanted.isBefore(last) ? wanted : last;
        return sign(body(issuer, subject(profile), key, now.minus(SKEW), end, extensions), authority.key());
    }

    /// One for a request: subject and names are the request's, the usages are those that were granted.
    static X509Certificate requested(
            Identity authority, CertificateRequest request, Collection<String> usages, Instant begin, Instant end) {
        var authorityCertificate = authority.certificate();
        var extensions = new ArrayList<byte[]>();
        int bits = KeyUsages.bits(usages);
        if (bits != 0) {
            extensions.add(keyUsage(bits));
        }
        var purposes = KeyUsages.purposes(usages);
        if (!purposes.isEmpty()) {
            extensions.add(extension(
                    "2.5.29.37", Der.sequence(purposes.stream().map(Der::oid).toArray(byte[][]::new))));
        }
        extensions.add(basicConstraints(false));
        extensions.add(authorityKeyIdentifier(authorityCertificate.getPublicKey()));
        if (request.alternatives().length > 0) {
            extensions.add(extension("2.5.29.17", request.alternatives()));
        }
        byte[] issuer = authorityCertificate.getSubjectX500Principal().getEncoded();
        var last = authorityCertificate.getNotAfter().toInstant();
        return sign(
                body(
                        issuer,
                        request.subject().getEncoded(),
                        request.key(),
                        begin,
                        end.isBefore(last) ? end : last,
                        extensions),
                authority.key());
    }

    private static byte[] body(
            byte[] issuer, byte[] subject, PublicKey key, Instant begin, Instant end, List<byte[]> extensions) {
        var serial = new BigInteger(127, RANDOM).add(BigInteger.ONE);
        return Der.sequence(
                VERSION_3,
                Der.integer(serial),
                ECDSA_WITH_SHA256,
                issuer,
                Der.sequence(Der.time(begin), Der.time(end)),
                subject,
                key.getEncoded(),
                Der.explicit(3, Der.sequence(extensions.toArray(byte[][]::new))));
    }

    private static X509Certificate sign(byte[] body, PrivateKey key) {
        try {
            var signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(key);
            signature.update(body);
            byte[] whole = Der.sequence(body, ECDSA_WITH_SHA256, Der.bits(signature.sign()));
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole));
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
    }

    static byte[] subject(Profile profile) {
        var names = new ArrayList<byte[]>();
        profile.organizations().forEach(organization -> names.add(attribute(ORGANIZATION, organization)));
        names.add(attribute(COMMON_NAME, profile.commonName()));
        return Der.sequence(names.toArray(byte[][]::new));
    }

    private static byte[] attribute(String type, String value) {
        return Der.set(Der.sequence(Der.oid(type), Der.text(value)));
    }

    private static byte[] basicConstraints(boolean authority) {
        return critical("2.5.29.19", authority ? Der.sequence(Der.truth()) : Der.sequence());
    }

    private static byte[] keyUsage(int usages) {
        return critical("2.5.29.15", Der.flags(usages));
    }

    private static byte[] extendedKeyUsage(Profile profile) {
        var purposes = new ArrayList<byte[]>();
        if (profile.server()) {
            purposes.add(Der.oid(SERVER_AUTH));
        }
        if (profile.client()) {
            purposes.add(Der.oid(CLIENT_AUTH));
        }
        return extension("2.5.29.37", Der.sequence(purposes.toArray(byte[][]::new)));
    }

    private static byte[] subjectKeyIdentifier(PublicKey key) {
        return extension("2.5.29.14", Der.octets(identifier(key)));
    }

    private static byte[] authorityKeyIdentifier(PublicKey key) {
        return extension("2.5.29.35", Der.sequence(Der.implicit(0, identifier(key))));
    }

    static byte[] alternativeNames(List<String> names) {
        return extension(
                "2.5.29.17",
                Der.sequence(names.stream().map(Certificates::alternativeName).toArray(byte[][]::new)));
    }

    private static byte[] alternativeName(String name) {
        boolean address = name.indexOf(':') >= 0 || name.chars().allMatch(c -> c == '.' || c >= '0' && c <= '9');
        if (!address) {
            return Der.implicit(2, name.getBytes(StandardCharsets.US_ASCII));
        }
        try {
            return Der.implicit(7, InetAddress.getByName(name).getAddress()); // a literal: nobody is asked
        } catch (UnknownHostException senseless) {
            throw new IllegalArgumentException(name + " is not an address", senseless);
        }
    }

    private static byte[] critical(String oid, byte[] value) {
        return Der.sequence(Der.oid(oid), Der.truth(), Der.octets(value));
    }

    private static byte[] extension(String oid, byte[] value) {
        return Der.sequence(Der.oid(oid), Der.octets(value));
    }

    /// The SHA-1 of the key's own bits (RFC 5280, 4.2.1.2). These end the encoded key, in a string of bits.
    private static byte[] identifier(PublicKey key) {
        byte[] encoded = key.getEncoded();
        int at = headerLength(encoded, 0); // into the outer sequence
        at += headerLength(encoded, at) + contentLength(encoded, at); // past the algorithm
        at += headerLength(encoded, at) + 1; // past the tag and the count of unused bits
        try {
            return MessageDigest.getInstance("SHA-1").digest(Arrays.copyOfRange(encoded, at, encoded.length));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private static int headerLength(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        return first < 0x80 ? 2 : 2 + (first & 0x7f);
    }

    private static int contentLength(byte[] der, int at) {
        int header = headerLength(der, at);
        return header == 2 ? der[at + 1] : new BigInteger(1, Arrays.copyOfRange(der, at + 2, at + header)).intValue();
    }
}
