package dev.kapal.apiserver.encryption;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

/// Stores values as they are: `identity`.
final class Plain implements Provider {
    private static final byte[] ENCRYPTED = "k8s:enc:".getBytes(StandardCharsets.US_ASCII);

    @Override
    public String prefix() {
        return "";
    }

    @Override
    public byte[] seal(byte[] plain, String key) {
        return plain;
    }

    @Override
    public byte[] open(byte[] sealed, String key) throws GeneralSecurityException {
        if (Sealed.startsWith(sealed, ENCRYPTED)) {
            throw new GeneralSecurityException("identity transformer tried to read encrypted data");
        }
        return sealed;
    }
}
