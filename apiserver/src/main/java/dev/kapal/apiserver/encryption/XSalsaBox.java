package dev.kapal.apiserver.encryption;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.engines.XSalsa20Engine;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/// XSalsa20 with Poly1305, as NaCl puts them together: a random nonce, the tag, and the value under the stream. A class
/// of its own, so that the library is loaded with the first value and not with the configuration. Immutable.
final class XSalsaBox {
    private static final int NONCE = 24;
    private static final int TAG = 16;
    private static final int KEY = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] secret;

    XSalsaBox(byte[] secret) {
        this.secret = secret.clone();
    }

    byte[] seal(byte[] plain) {
        byte[] nonce = new byte[NONCE];
        RANDOM.nextBytes(nonce);
        var engine = engine(nonce);
        byte[] tagKey = tagKey(engine);
        byte[] sealed = new byte[NONCE + TAG + plain.length];
        System.arraycopy(nonce, 0, sealed, 0, NONCE);
        engine.processBytes(plain, 0, plain.length, sealed, NONCE + TAG);
        System.arraycopy(tag(tagKey, sealed), 0, sealed, NONCE, TAG);
        return sealed;
    }

    byte[] open(byte[] sealed) throws GeneralSecurityException {
        if (sealed.length < NONCE + TAG) {
            throw new GeneralSecurityException("the stored data was shorter than the required size");
        }
        var engine = engine(Arrays.copyOf(sealed, NONCE));
        byte[] tagKey = tagKey(engine);
        byte[] shown = Arrays.copyOfRange(sealed, NONCE, NONCE + TAG);
        if (!MessageDigest.isEqual(tag(tagKey, sealed), shown)) {
            throw new GeneralSecurityException("decryption failed");
        }
        byte[] plain = new byte[sealed.length - NONCE - TAG];
        engine.processBytes(sealed, NONCE + TAG, plain.length, plain, 0);
        return plain;
    }

    private XSalsa20Engine engine(byte[] nonce) {
        var engine = new XSalsa20Engine();
        engine.init(true, new ParametersWithIV(new KeyParameter(secret), nonce));
        return engine;
    }

    /// The first bytes of the stream are the key of the tag.
    private static byte[] tagKey(XSalsa20Engine engine) {
        byte[] key = new byte[KEY];
        engine.processBytes(key, 0, KEY, key, 0);
        return key;
    }

    private static byte[] tag(byte[] tagKey, byte[] sealed) {
        var mac = new Poly1305();
        mac.init(new KeyParameter(tagKey));
        mac.update(sealed, NONCE + TAG, sealed.length - NONCE - TAG);
        byte[] tag = new byte[TAG];
        mac.doFinal(tag, 0);
        return tag;
    }
}
