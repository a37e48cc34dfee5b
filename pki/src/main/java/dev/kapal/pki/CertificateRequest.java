package dev.kapal.pki;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;

/// A request for a certificate (PKCS #10, RFC 2986). Immutable.
///
/// @param subject whom the certificate shall name
/// @param alternatives the names a server shall have, as they stand in the request; empty when it asks for none
public record CertificateRequest(X500Principal subject, PublicKey key, Names names, byte[] alternatives) {
    private static final String LABEL = "CERTIFICATE REQUEST";
    private static final String EXTENSIONS = "1.2.840.113549.1.9.14";
    private static final String ALTERNATIVE_NAMES = "2.5.29.17";

    private static final Map<String, String> KEYS = Map.of(
            "1.2.840.113549.1.1.1", "RSA",
            "1.2.840.10045.2.1", "EC",
            "1.3.101.112", "Ed25519");
    private static final Map<String, String> SIGNATURES = Map.of(
            "1.2.840.113549.1.1.11", "SHA256withRSA",
            "1.2.840.113549.1.1.12", "SHA384withRSA",
            "1.2.840.113549.1.1.13", "SHA512withRSA",
            "1.2.840.10045.4.3.2", "SHA256withECDSA",
            "1.2.840.10045.4.3.3", "SHA384withECDSA",
            "1.2.840.10045.4.3.4", "SHA512withECDSA",
            "1.3.101.112", "Ed25519");

    /// The alternative names, by sort.
    public record Names(List<String> dns, List<String> addresses, List<String> emails, List<String> uris) {
        static final Names NONE = new Names(List.of(), List.of(), List.of(), List.of());

        public Names {
            dns = List.copyOf(dns);
            addresses = List.copyOf(addresses);
            emails = List.copyOf(emails);
            uris = List.copyOf(uris);
        }
    }

    public CertificateRequest {
        alternatives = alternatives.clone();
    }

    @Override
    public byte[] alternatives() {
        return alternatives.clone();
    }

    /// Reads a request and checks that whoever made it has the key.
    ///
    /// @throws PkiException in the words of upstream's libraries where they have words for it
    public static CertificateRequest parse(String pem) {
        var outer = new DerReader(der(pem)).enter(0x30);
        byte[] body = outer.whole();
        var algorithm = outer.enter(0x30).oid();
        byte[] bits = outer.content(0x03);
        var info = new DerReader(body).enter(0x30);
        info.content(0x02); // version
        var subject = new X500Principal(info.whole());
        byte[] encodedKey = info.whole();
        var key = publicKey(encodedKey);
        byte[] alternatives = info.hasMore() ? alternatives(info.enter(0xa0)) : new byte[0];
        verify(key, algorithm, body, bits);
        return new CertificateRequest(subject, key, names(alternatives), alternatives);
    }

    /// Makes a request in PEM for the subject and the names of `profile`.
    public static String create(Profile profile, KeyPair keys) {
        byte[] attributes = profile.names().isEmpty()
                ? Der.explicit(0)
                : Der.explicit(
                        0,
                        Der.sequence(
                                Der.oid(EXTENSIONS),
                                Der.set(Der.sequence(Certificates.alternativeNames(profile.names())))));
        byte[] body = Der.sequence(
                Der.integer(BigInteger.ZERO),
                Certificates.subject(profile),
                keys.getPublic().getEncoded(),
                attributes);
        boolean rsa = keys.getPrivate().getAlgorithm().equals("RSA");
        byte[] algorithm = rsa
                ? Der.sequence(Der.oid("1.2.840.113549.1.1.11"), new byte[] {5, 0})
                : Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
        try {
            var signature = Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(body);
            return Pem.block(LABEL, Der.sequence(body, algorithm, Der.bits(signature.sign())));
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static byte[] der(String pem) {
        int begin = pem.indexOf("-----BEGIN ");
        if (begin < 0 || !pem.startsWith("-----BEGIN " + LABEL + "-----", begin)) {
            throw new PkiException("PEM block type must be CERTIFICATE REQUEST");
        }
        return Pem.blocks(LABEL, pem).getFirst();
    }

    private static PublicKey publicKey(byte[] encoded) {
        String oid = new DerReader(encoded).enter(0x30).enter(0x30).oid();
        String algorithm = KEYS.get(oid);
        if (algorithm == null) {
            throw new PkiException("x509: unknown public key algorithm");
        }
        try {
            return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException broken) {
            throw new PkiException("x509: failed to parse public key", broken);
        }
    }

    private static void verify(PublicKey key, String oid, byte[] body, byte[] bits) {
        String algorithm = SIGNATURES.get(oid);
        if (algorithm == null) {
            throw new PkiException("x509: cannot verify signature: algorithm unimplemented");
        }
        boolean good;
        try {
            var signature = Signature.getInstance(algorithm);
            signature.initVerify(key);
            signature.update(body);
            good = signature.verify(Arrays.copyOfRange(bits, Math.min(1, bits.length), bits.length));
        } catch (GeneralSecurityException another) {
            good = false;
        }
        if (!good) {
            throw new PkiException(
                    key.getAlgorithm().equals("RSA")
                            ? "crypto/rsa: verification error"
                            : "x509: ECDSA verification failure");
        }
    }

    /// The names that the attributes ask for.
    private static byte[] alternatives(DerReader attributes) {
        while (attributes.hasMore()) {
            var attribute = attributes.enter(0x30);
            if (!attribute.oid().equals(EXTENSIONS)) {
                continue;
            }
            var extensions = attribute.enter(0x31).enter(0x30);
            while (extensions.hasMore()) {
                var extension = extensions.enter(0x30);
                if (!extension.oid().equals(ALTERNATIVE_NAMES)) {
                    continue;
                }
                if (extension.tag() == 0x01) {
                    extension.whole(); // critical or not
                }
                return extension.content(0x04);
            }
        }
        return new byte[0];
    }

    private static Names names(byte[] alternatives) {
        if (alternatives.length == 0) {
            return Names.NONE;
        }
        var dns = new ArrayList<String>();
        var addresses = new ArrayList<String>();
        var emails = new ArrayList<String>();
        var uris = new ArrayList<String>();
        var all = new DerReader(alternatives).enter(0x30);
        while (all.hasMore()) {
            int tag = all.tag();
            byte[] content = all.content(tag);
            String text = new String(content, StandardCharsets.US_ASCII);
            switch (tag) {
                case 0x81 -> emails.add(text);
                case 0x82 -> dns.add(text);
                case 0x86 -> uris.add(text);
                case 0x87 -> addresses.add(address(content));
                default -> throw new PkiException("x509: invalid subject alternative names");
            }
        }
        return new Names(dns, addresses, emails, uris);
    }

    private static String address(byte[] content) {
        try {
            return InetAddress.getByAddress(content).getHostAddress();
        } catch (UnknownHostException senseless) {
            throw new PkiException("x509: cannot parse IP address of length " + content.length, senseless);
        }
    }
}
