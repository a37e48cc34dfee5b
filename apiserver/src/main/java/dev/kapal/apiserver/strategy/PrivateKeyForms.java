package dev.kapal.apiserver.strategy;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/// Private keys as programs write them: PKCS #8, and the older forms of one algorithm each, PKCS #1 and SEC 1.
final class PrivateKeyForms {
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private PrivateKeyForms() {}

    /// @param label of the PEM block
    static Optional<PrivateKey> read(String label, byte[] der) {
        try {
            return ofPkcs8(
                    switch (label) {
                        case "RSA PRIVATE KEY" ->
                            wrapped(
                                    new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                                    RSAPrivateKey.getInstance(der));
                        case "EC PRIVATE KEY" -> {
                            var key = ECPrivateKey.getInstance(der);
                            yield wrapped(
                                    new AlgorithmIdentifier(
                                            X9ObjectIdentifiers.id_ecPublicKey, key.getParametersObject()),
                                    key);
                        }
                        default -> der;
                    });
        } catch (IOException | IllegalArgumentException | IllegalStateException malformed) {
            return Optional.empty();
        }
    }

    private static byte[] wrapped(AlgorithmIdentifier algorithm, ASN1Encodable key) throws IOException {
        return new PrivateKeyInfo(algorithm, key).getEncoded();
    }

    private static Optional<PrivateKey> ofPkcs8(byte[] der) {
        var encoded = new PKCS8EncodedKeySpec(der);
        for (var algorithm : ALGORITHMS) {
            try {
                return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(encoded));
            } catch (GeneralSecurityException another) {
                continue;
            }
        }
        return Optional.empty();
    }
}
