package dev.kapal.apiserver.encryption;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// AES in Galois counter mode with a random nonce, bound to the place where it is stored: `aesgcm`. With random nonces
/// one key is good for a few hundred thousand writes.
final class AesGcm implements Provider {
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String prefix;
    private final SecretKeySpec secret;

    AesGcm(String name, byte[] secret) {
        this.prefix = "k8s:enc:aesgcm:v1:" + name + ":";
        this.secret = new SecretKeySpec(secret, "AES");
    }

    @Override
    public String prefix() {
        return prefix;
    }

    @Override
    public byte[] seal(byte[] plain, String key) throws GeneralSecurityException {
        return seal(secret, plain, key);
    }

    @Override
    public byte[] open(byte[] sealed, String key) throws GeneralSecurityException {
        return open(secret, sealed, key);
    }

    static byte[] seal(SecretKeySpec secret, byte[] plain, String key) throws GeneralSecurityException {
        byte[] nonce = new byte[NONCE];
        RANDOM.nextBytes(nonce);
        return Sealed.join(
                nonce, cipher(Cipher.ENCRYPT_MODE, secret, nonce, key).doFinal(plain));
    }

    static byte[] open(SecretKeySpec secret, byte[] sealed, String key) throws GeneralSecurityException {
        if (sealed.length < NONCE) {
            throw new GeneralSecurityException("the stored data was shorter than the required size");
        }
        byte[] nonce = Arrays.copyOf(sealed, NONCE);
        return cipher(Cipher.DECRYPT_MODE, secret, nonce, key).doFinal(sealed, NONCE, sealed.length - NONCE);
    }

    private static Cipher cipher(int mode, SecretKeySpec secret, byte[] nonce, String key)
            throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, secret, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(key.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
