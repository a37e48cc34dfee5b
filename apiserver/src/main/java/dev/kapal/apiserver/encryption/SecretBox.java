package dev.kapal.apiserver.encryption;

import java.security.GeneralSecurityException;

/// The cipher that NaCl calls a secret box: `secretbox`. Its nonce is so long that a random one never comes again, so a
/// key need not be changed for the number of its writes.
final class SecretBox implements Provider {
    private final String prefix;
    private final byte[] secret;
    private volatile XSalsaBox box;

    SecretBox(String name, byte[] secret) {
        this.prefix = "k8s:enc:secretbox:v1:" + name + ":";
        this.secret = secret.clone();
    }

    @Override
    public String prefix() {
        return prefix;
    }

    @Override
    public byte[] seal(byte[] plain, String key) {
        return box().seal(plain);
    }

    @Override
    public byte[] open(byte[] sealed, String key) throws GeneralSecurityException {
        return box().open(sealed);
    }

    private XSalsaBox box() {
        var made = box;
        if (made == null) {
            made = new XSalsaBox(secret);
            box = made;
        }
        return made;
    }
}
