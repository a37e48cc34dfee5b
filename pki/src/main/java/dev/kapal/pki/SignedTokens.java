package dev.kapal.pki;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Base64;
import java.util.Optional;

/// Signs and checks JSON web tokens with the cluster's own key (RFC 7515, RS256). Any thread.
///
/// Whatever a token's header says, it is checked with this key and this algorithm, and its claims are only handed out
/// when the signature is right: so they are claims that we wrote.
public final class SignedTokens {
    private static final String ALGORITHM = "SHA256withRSA";
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final ServiceAccountKeys keys;
    private final String keyId;
    private final String header;

    public SignedTokens(ServiceAccountKeys keys) {
        this.keys = keys;
        this.keyId = fingerprint(keys.publicKey().getEncoded());
        this.header = encode(("{\"alg\":\"RS256\",\"kid\":\"" + keyId + "\"}").getBytes(StandardCharsets.US_ASCII));
    }

    /// Names the key in the header of each token and in the published key set.
    public String keyId() {
        return keyId;
    }

    public ServiceAccountKeys keys() {
        return keys;
    }

    /// @param claims a JSON object in UTF-8
    public String sign(byte[] claims) {
        String signed = header + "." + encode(claims);
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
    public Optional<byte[]> verify(String token) {
        int dot = token.lastIndexOf('.');
        int first = token.indexOf('.');
        if (first <= 0 || dot == first || token.indexOf('.', first + 1) != dot) {
            return Optional.empty();
        }
        try {
            var signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(keys.publicKey());
            signature.update(token.substring(0, dot).getBytes(StandardCharsets.UTF_8));
            return signature.verify(Base64.getUrlDecoder().decode(token.substring(dot + 1)))
                    ? Optional.of(Base64.getUrlDecoder().decode(token.substring(first + 1, dot)))
                    : Optional.empty();
        } catch (GeneralSecurityException | IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /// Base64 for URLs, without padding.
    public static String encode(byte[] bytes) {
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
