package dev.kapal.apiserver.strategy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// A certificate and its key, as they stand in a secret: what would keep a server from using them. Source: Go's
/// crypto/tls, whose words clients know.
final class TlsPair {
    private static final Pattern BLOCK = Pattern.compile("(?s)-----BEGIN ([^\\n-]*)-----\\s*\\n(.*?)-----END \\1-----");
    private static final byte[] PROBE = "probe".getBytes(StandardCharsets.UTF_8);

    private TlsPair() {}

    /// One part of a PEM text.
    private record Block(String label, byte[] der) {}

    static Optional<String> problem(String certificate, String key) {
        var certificates = blocks(certificate);
        var chosen = first(certificates, "CERTIFICATE"::equals);
        if (chosen.isEmpty()) {
            return Optional.of(noCertificate(labels(certificates)));
        }
        var keys = blocks(key);
        var privateKey = first(keys, TlsPair::isKey);
        if (privateKey.isEmpty()) {
            return Optional.of(noKey(labels(keys)));
        }
        var publicKey = publicKey(chosen.get().der());
        if (publicKey.isEmpty()) {
            return Optional.of("x509: malformed certificate");
        }
        var read =
                PrivateKeyForms.read(privateKey.get().label(), privateKey.get().der());
        return read.isEmpty() ? Optional.of("tls: failed to parse private key") : mismatch(publicKey.get(), read.get());
    }

    private static List<Block> blocks(String text) {
        var blocks = new ArrayList<Block>();
        var matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            try {
                var der = Base64.getMimeDecoder().decode(matcher.group(2));
                blocks.add(new Block(matcher.group(1), der));
            } catch (IllegalArgumentException garbage) {
                continue; // no block at all
            }
        }
        return blocks;
    }

    private static Optional<Block> first(List<Block> blocks, Predicate<String> label) {
        return blocks.stream().filter(block -> label.test(block.label())).findFirst();
    }

    private static List<String> labels(List<Block> blocks) {
        return blocks.stream().map(Block::label).toList();
    }

    private static boolean isKey(String label) {
        return label.equals("PRIVATE KEY") || label.endsWith(" PRIVATE KEY");
    }

    private static String noCertificate(List<String> labels) {
        if (labels.isEmpty()) {
            return "tls: failed to find any PEM data in certificate input";
        }
        if (labels.size() == 1 && labels.getFirst().endsWith("PRIVATE KEY")) {
            return "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM"
                    + " inputs may have been switched";
        }
        return "tls: failed to find \"CERTIFICATE\" PEM block in certificate input after skipping PEM blocks of the"
                + " following types: " + listed(labels);
    }

    private static String noKey(List<String> labels) {
        if (labels.isEmpty()) {
            return "tls: failed to find any PEM data in key input";
        }
        if (labels.size() == 1 && labels.getFirst().equals("CERTIFICATE")) {
            return "tls: found a certificate rather than a key in the PEM for the private key";
        }
        return "tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after skipping PEM blocks"
                + " of the following types: " + listed(labels);
    }

    private static String listed(List<String> labels) {
        return "[" + String.join(" ", labels) + "]";
    }

    private static Optional<PublicKey> publicKey(byte[] certificate) {
        try {
            return Optional.of(CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(certificate))
                    .getPublicKey());
        } catch (CertificateException malformed) {
            return Optional.empty();
        }
    }

    private static Optional<String> mismatch(PublicKey publicKey, PrivateKey privateKey) {
        if (!publicKey.getAlgorithm().equals(privateKey.getAlgorithm())) {
            return Optional.of("tls: private key type does not match public key type");
        }
        return belongTogether(publicKey, privateKey)
                ? Optional.empty()
                : Optional.of("tls: private key does not match public key");
    }

    private static boolean belongTogether(PublicKey publicKey, PrivateKey privateKey) {
        if (publicKey instanceof RSAPublicKey one && privateKey instanceof RSAPrivateKey other) {
            return one.getModulus().equals(other.getModulus());
        }
        try {
            var signature = Signature.getInstance(
                    publicKey.getAlgorithm().equals("EC") ? "SHA256withECDSA" : publicKey.getAlgorithm());
            signature.initSign(privateKey);
            signature.update(PROBE);
            var signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException another) {
            return false; // on a curve that is not the other's
        }
    }
}
