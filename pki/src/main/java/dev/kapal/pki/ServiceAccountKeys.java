package dev.kapal.pki;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;

/// The RSA pair that signs service-account tokens: `service-account.key` and `.pub`. Immutable.
public record ServiceAccountKeys(RSAPublicKey publicKey, RSAPrivateCrtKey privateKey) {
    private static final int BITS = 2048;

    /// Whoever asks first makes the pair; who asks meanwhile, in this process or another, gets the same one.
    ///
    /// @throws PkiException when the file holds something else
    public static ServiceAccountKeys openOrCreate(Path directory) throws IOException {
        Path file = directory.resolve("service-account.key");
        Path publicHalf = directory.resolve("service-account.pub");
        boolean known = Files.exists(publicHalf); // asked first: who makes the pair writes this half last
        if (Files.exists(file)) {
            KeyFile.check(file);
            return read(file);
        }
        if (known) {
            throw new PkiException(
                    "%s is missing, and with another key no token issued so far would be accepted; put it back from a backup, or remove service-account.pub beside it to begin anew"
                            .formatted(file));
        }
        var made = create();
        // first: a public half alone means that it was lost
        if (!Pem.writeNewSecret(file, Pem.encode(made.privateKey))) {
            return read(file);
        }
        Pem.writePublic(publicHalf, Pem.encode(made.publicKey));
        return made;
    }

    /// A new pair in memory.
    public static ServiceAccountKeys create() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS);
            KeyPair pair = generator.generateKeyPair();
            return new ServiceAccountKeys((RSAPublicKey) pair.getPublic(), (RSAPrivateCrtKey) pair.getPrivate());
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private static ServiceAccountKeys read(Path file) throws IOException {
        try {
            if (!(Pem.privateKey(Files.readString(file)) instanceof RSAPrivateCrtKey key)) {
                throw new PkiException(file + " is not an RSA key");
            }
            var spec = new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent());
            return new ServiceAccountKeys(
                    (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(spec), key);
        } catch (GeneralSecurityException broken) {
            throw new PkiException(file + ": " + broken.getMessage(), broken);
        }
    }

    /// Never shows the key.
    @Override
    public String toString() {
        return "ServiceAccountKeys";
    }
}
