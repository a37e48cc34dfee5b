package dev.kapal.apiserver.encryption;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// AES with chained blocks, padded by PKCS #7, after a random first block: `aescbc`.
final class AesCbc implements Provider {
    private static final int BLOCK = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final String prefix;
    private final SecretKeySpec secret;

    AesCbc(String name, byte[] secret) {
        this.prefix = "k8s:enc:aescbc:v1:" + name + ":";
        this.secret = new SecretKeySpec(secret, "AES");
    }

    @Override
    public String prefix() {
        return prefix;
    }

    @Override
    public byte[] seal(byte[] plain, String key) throws GeneralSecurityException {
        byte[] first = new byte[BLOCK];
        RANDOM.nextBytes(first);
        return Sealed.join(first, cipher(Cipher.ENCRYPT_MODE, first).doFinal(plain));
    }

    @Override
    public byte[] open(byte[] sealed, String key) throws GeneralSecurityException {
        if (sealed.length < 2 * BLOCK || sealed.length % BLOCK != 0) {
            throw new GeneralSecurityException("the stored data is not a multiple of the block size");
        }
        byte[] first = Arrays.copyOf(sealed, BLOCK);
        return cipher(Cipher.DECRYPT_MODE, first).doFinal(sealed, BLOCK, sealed.length - BLOCK);
    }

    private Cipher cipher(int mode, byte[] first) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(mode, secret, new IvParameterSpec(first));
        return cipher;
    }
}
