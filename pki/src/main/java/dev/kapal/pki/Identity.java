package dev.kapal.pki;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;

/// A certificate with its key: what a component shows to others. Immutable.
///
/// @param chain its own certificate first
public record Identity(List<X509Certificate> chain, PrivateKey key) {
    private static final byte[] PROBE = {1};

    public Identity {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("an identity needs a certificate");
        }
    }

    public X509Certificate certificate() {
        return chain.getFirst();
    }

    public String certificatePem() {
        return Pem.encode(chain);
    }

    public String keyPem() {
        return Pem.encode(key);
    }

    /// Whether the key belongs to the certificate: it does not when somebody wrote one of the files only.
    boolean isPair() {
        try {
            var algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
            var signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(certificate().getPublicKey());
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException another) {
            return false;
        }
    }

    /// Reads `name.crt` and `name.key` of a directory.
    ///
    /// @throws PkiException naming the file that is broken
    public static Identity read(Path directory, String name) throws IOException {
        return read(directory.resolve(name + ".crt"), directory.resolve(name + ".key"));
    }

    /// Reads a certificate, with what comes after it in its chain, and its key.
    ///
    /// @throws PkiException naming the file that is broken
    public static Identity read(Path certificate, Path key) throws IOException {
        try {
            var read = new Identity(
                    Pem.certificates(Files.readString(certificate)), Pem.privateKey(Files.readString(key)));
            if (!read.isPair()) {
                throw new PkiException("the key is not that of the certificate");
            }
            return read;
        } catch (PkiException broken) {
            throw new PkiException(certificate + " or " + key + ": " + broken.getMessage(), broken);
        }
    }

    /// Writes `name.crt` and `name.key`; only the owner may read the key.
    public void write(Path directory, String name) throws IOException {
        Pem.writeSecret(directory.resolve(name + ".key"), keyPem());
        Pem.writePublic(directory.resolve(name + ".crt"), certificatePem());
    }

    /// Whether both files of [#read] are there.
    public static boolean exists(Path directory, String name) {
        return Files.exists(directory.resolve(name + ".crt")) && Files.exists(directory.resolve(name + ".key"));
    }

    /// Never shows the key.
    @Override
    public String toString() {
        return certificate().getSubjectX500Principal().getName();
    }
}
