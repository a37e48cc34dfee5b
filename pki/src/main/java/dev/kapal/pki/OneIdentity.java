package dev.kapal.pki;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/// Always shows the one identity, whatever it is asked for. Any thread.
///
/// The alias carries the identity that was current when the handshake asked for it, so that chain and key match even
/// when it is renewed in between.
final class OneIdentity extends X509ExtendedKeyManager {
    private final Supplier<Identity> current;
    private volatile Identity latest;

    OneIdentity(Supplier<Identity> current) {
        this.current = current;
    }

    private String alias(String... keyTypes) {
        var identity = current.get();
        latest = identity;
        String algorithm = identity.key().getAlgorithm();
        return Arrays.stream(keyTypes).anyMatch(type -> type.startsWith(algorithm)) ? algorithm : null;
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        return alias(keyType);
    }

    @Override
    public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
        return alias(keyTypes);
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return alias(keyType);
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return alias(keyTypes);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return one(keyType);
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return one(keyType);
    }

    private String[] one(String keyType) {
        String alias = alias(keyType);
        return alias == null ? new String[0] : new String[] {alias};
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return latest == null ? new X509Certificate[0] : latest.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return latest == null ? null : latest.key();
    }
}
