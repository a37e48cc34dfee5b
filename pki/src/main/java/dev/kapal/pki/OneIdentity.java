package dev.kapal.pki;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/// Always shows the one identity, whatever it is asked for. Any thread.
///
/// The alias carries the identity that was current when the handshake asked for it, so that chain and key match even
/// when it is renewed in between: a handshake asks for the alias, then for key and chain under it.
final class OneIdentity extends X509ExtendedKeyManager {
    private final Supplier<Identity> current;
    /// The newest first, and the one before it, for handshakes that are under way.
    private volatile List<Named> known = List.of();

    private record Named(String alias, Identity identity) {}

    OneIdentity(Supplier<Identity> current) {
        this.current = current;
    }

    private String alias(String... keyTypes) {
        var named = named(current.get());
        String algorithm = named.identity().key().getAlgorithm();
        return Arrays.stream(keyTypes).anyMatch(type -> type.startsWith(algorithm)) ? named.alias() : null;
    }

    private Named named(Identity identity) {
        var newest = known;
        if (!newest.isEmpty() && newest.getFirst().identity() == identity) {
            return newest.getFirst();
        }
        var named = new Named(identity.certificate().getSerialNumber().toString(16), identity);
        known = newest.isEmpty() ? List.of(named) : List.of(named, newest.getFirst());
        return named;
    }

    private Optional<Identity> find(String alias) {
        return known.stream()
                .filter(named -> named.alias().equals(alias))
                .map(Named::identity)
                .findFirst();
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
        return find(alias)
                .map(identity -> identity.chain().toArray(X509Certificate[]::new))
                .orElse(null);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return find(alias).map(Identity::key).orElse(null);
    }
}
