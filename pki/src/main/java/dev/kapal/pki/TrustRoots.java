package dev.kapal.pki;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The authorities whose word is taken. Immutable; any thread.
public record TrustRoots(List<X509Certificate> certificates) {
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final String ANY_USE = "2.5.29.37.0";

    public TrustRoots {
        certificates = List.copyOf(certificates);
    }

    /// Reads a file of certificates in PEM.
    public static TrustRoots read(Path file) throws IOException {
        return new TrustRoots(Pem.certificates(Files.readString(file)));
    }

    /// `sha256:` and the hash of its public key for each, as upstream's tools pin authorities.
    public List<String> hashes() {
        return certificates.stream().map(TrustRoots::hash).toList();
    }

    private static String hash(X509Certificate certificate) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(digest.digest(certificate.getPublicKey().getEncoded()));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    /// Whether `chain` (own certificate first) is a client's that one of these authorities vouches for at `now`:
    /// empty
    /// when it is, else why not.
    public Optional<String> refuse(List<X509Certificate> chain, Instant now) {
        try {
            var path = CertificateFactory.getInstance("X.509").generateCertPath(chain);
            var anchors = certificates.stream()
                    .map(root -> new TrustAnchor(root, null))
                    .collect(Collectors.toSet());
            var parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(now));
            CertPathValidator.getInstance("PKIX").validate(path, parameters);
            var uses = chain.getFirst().getExtendedKeyUsage();
            boolean client = uses == null || uses.contains(CLIENT_AUTH) || uses.contains(ANY_USE);
            return client ? Optional.empty() : Optional.of("certificate specifies an incompatible key usage");
        } catch (CertPathValidatorException untrusted) {
            return Optional.of(String.valueOf(untrusted.getMessage()));
        } catch (GeneralSecurityException broken) {
            return Optional.of("x509: " + broken.getMessage());
        }
    }
}
