package dev.kapal.apiserver.authn;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.model.codec.Documents;
import dev.kapal.pki.ServiceAccountKeys;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Base64;
import java.util.Optional;

/// Signs and checks tokens with one RSA key (RFC 7515, RS256). Any thread.
///
/// Whatever a token's header says, it is checked with this key and this algorithm, and its claims are only read when
/// the signature is right: so they are claims that we wrote.
final class Jwt {
    private static final String ALGORITHM = "SHA256withRSA";
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final ServiceAccountKeys keys;
    private final String keyId;
    private final String header;

    Jwt(ServiceAccountKeys keys) {
        this.keys = keys;
        this.keyId = fingerprint(keys.publicKey().getEncoded());
        this.header = encode(("{\"alg\":\"RS256\",\"kid\":\"" + keyId + "\"}").getBytes(StandardCharsets.US_ASCII));
    }

    String keyId() {
        return keyId;
    }

    String sign(ObjectNode claims) {
        String signed = header + "." + encode(Documents.json(claims));
        try {
            var signature = Signature.getInstance(ALGORITHM);
            signature.initSign(keys.privateKey());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + encode(signature.sign());
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /// The claims of a token that this key signed; empty for any other text.
    Optional<ObjectNode> verify(String token) {
        int dot = token.lastIndexOf('.');
        int first = token.indexOf('.');
        if (first <= 0 || dot == first || token.indexOf('.', first + 1) != dot) {
            return Optional.empty();
        }
        try {
            var signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(keys.publicKey());
            signature.update(token.substring(0, dot).getBytes(StandardCharsets.UTF_8));
            boolean ours = signature.verify(Base64.getUrlDecoder().decode(token.substring(dot + 1)));
            return ours
                    ? Optional.of(Documents.read(Base64.getUrlDecoder().decode(token.substring(first + 1, dot))))
                    : Optional.empty();
        } catch (GeneralSecurityException | IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    static String encode(byte[] bytes) {
        return ENCODER.encodeToString(bytes);
    }

    private static String fingerprint(byte[] der) {
        try {
            return encode(MessageDigest.getInstance("SHA-256").digest(der));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
