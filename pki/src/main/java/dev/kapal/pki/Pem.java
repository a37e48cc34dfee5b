package dev.kapal.pki;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Certificates and keys as text (RFC 7468), with the JDK alone: nothing is generated here. Stateless.
public final class Pem {
    private static final String BEGIN = "-----BEGIN ";
    private static final String DASHES = "-----";

    private Pem() {}

    public static String encode(List<X509Certificate> certificates) {
        var text = new StringBuilder();
        try {
            for (var certificate : certificates) {
                text.append(block("CERTIFICATE", certificate.getEncoded()));
            }
        } catch (CertificateEncodingException impossible) {
            throw new IllegalStateException(impossible);
        }
        return text.toString();
    }

    /// PKCS #8, unencrypted.
    public static String encode(PrivateKey key) {
        return block("PRIVATE KEY", key.getEncoded());
    }

    public static String encode(PublicKey key) {
        return block("PUBLIC KEY", key.getEncoded());
    }

    /// @throws PkiException when there is no certificate in the text, or a broken one
    public static List<X509Certificate> certificates(String text) {
        try {
            var factory = CertificateFactory.getInstance("X.509");
            var found = new ArrayList<X509Certificate>();
            for (byte[] der : blocks("CERTIFICATE", text)) {
                found.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
            }
            if (found.isEmpty()) {
                throw new PkiException("no certificate found");
            }
            return List.copyOf(found);
        } catch (GeneralSecurityException broken) {
            throw new PkiException("broken certificate: " + broken.getMessage(), broken);
        }
    }

    /// @throws PkiException when there is no PKCS #8 key of a known algorithm in the text
    public static PrivateKey privateKey(String text) {
        var blocks = blocks("PRIVATE KEY", text);
        if (blocks.isEmpty()) {
            throw new PkiException("no private key found");
        }
        var encoded = new PKCS8EncodedKeySpec(blocks.getFirst());
        for (var algorithm : List.of("EC", "RSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException another) {
                continue;
            } catch (GeneralSecurityException missing) {
                throw new IllegalStateException(missing);
            }
        }
        throw new PkiException("broken private key");
    }

    /// Writes a file that only its owner may read, in one step: a reader sees the old or the new one.
    public static void writeSecret(Path file, String text) throws IOException {
        write(file, text, "rw-------");
    }

    /// As [#writeSecret], for what everybody may read.
    public static void writePublic(Path file, String text) throws IOException {
        write(file, text, "rw-r--r--");
    }

    /// As [#writeSecret], but never over a file that is there: of several that try at once, in one process or many, one
    /// succeeds. Returns whether it was this call.
    static boolean writeNewSecret(Path file, String text) throws IOException {
        Path fresh = fresh(file);
        try {
            fill(fresh, text, "rw-------");
            Files.createLink(file, fresh);
            return true;
        } catch (FileAlreadyExistsException another) {
            return false;
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static void write(Path file, String text, String permissions) throws IOException {
        Path fresh = fresh(file);
        try {
            fill(fresh, text, permissions);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /// An empty file beside it, for its owner only.
    private static Path fresh(Path file) throws IOException {
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        return Files.createTempFile(file.toAbsolutePath().getParent(), "." + file.getFileName(), "", owner);
    }

    private static void fill(Path fresh, String text, String permissions) throws IOException {
        Files.writeString(fresh, text);
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(permissions));
    }

    static String block(String label, byte[] der) {
        var body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return BEGIN + label + DASHES + "\n" + body + "\n-----END " + label + DASHES + "\n";
    }

    static List<byte[]> blocks(String label, String text) {
        String begin = BEGIN + label + DASHES;
        String end = "-----END " + label + DASHES;
        var found = new ArrayList<byte[]>();
        int at = text.indexOf(begin);
        while (at >= 0) {
            int from = at + begin.length();
            int to = text.indexOf(end, from);
            if (to < 0) {
                throw new PkiException("a " + label + " block has no end");
            }
            found.add(decode(label, text.substring(from, to)));
            at = text.indexOf(begin, to);
        }
        return found;
    }

    private static byte[] decode(String label, String base64) {
        try {
            return Base64.getMimeDecoder().decode(base64.strip().getBytes(StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException broken) {
            throw new PkiException("a " + label + " block is not base64", broken);
        }
    }
}
