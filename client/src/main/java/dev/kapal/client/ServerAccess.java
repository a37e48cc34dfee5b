package dev.kapal.client;

import dev.kapal.pki.Identity;
import dev.kapal.pki.KeptIdentity;
import dev.kapal.pki.Pem;
import dev.kapal.pki.PkiException;
import dev.kapal.pki.TrustRoots;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;

/// How a component in a process of its own reaches the API server. Immutable.
///
/// @param identity asked for at each connection, so that it may be renewed meanwhile
/// @param token used where there is no identity yet
public record ServerAccess(
        String url, TrustRoots roots, Optional<Supplier<Identity>> identity, Optional<String> token) {
    public static ServerAccess withIdentity(String url, TrustRoots roots, Supplier<Identity> identity) {
        return new ServerAccess(url, roots, Optional.of(identity), Optional.empty());
    }

    public static ServerAccess withToken(String url, TrustRoots roots, String token) {
        return new ServerAccess(url, roots, Optional.empty(), Optional.of(token));
    }

    /// What a kubeconfig says of its current context. A certificate that it refers to is followed when its file
    /// changes.
    ///
    /// @throws PkiException when what it refers to is broken or missing
    public static ServerAccess of(Path kubeconfig, InstantSource time) throws IOException {
        var config = Config.fromKubeconfig(kubeconfig.toFile());
        String url = config.getMasterUrl().replaceFirst("/$", "");
        var roots = config.getCaCertData() == null
                ? TrustRoots.read(file(kubeconfig, config.getCaCertFile(), "certificate-authority"))
                : new TrustRoots(Pem.certificates(decoded(config.getCaCertData())));
        if (config.getClientCertFile() != null) {
            var identity = KeptIdentity.readOnly(
                    file(kubeconfig, config.getClientCertFile(), "client-certificate"),
                    file(kubeconfig, config.getClientKeyFile(), "client-key"),
                    time);
            return withIdentity(url, roots, identity);
        }
        if (config.getClientCertData() != null) {
            var identity = new Identity(
                    Pem.certificates(decoded(config.getClientCertData())),
                    Pem.privateKey(decoded(config.getClientKeyData())));
            return withIdentity(url, roots, () -> identity);
        }
        return new ServerAccess(url, roots, Optional.empty(), Optional.ofNullable(config.getOauthToken()));
    }

    private static Path file(Path kubeconfig, String name, String field) {
        if (name == null) {
            throw new PkiException(kubeconfig + " has no " + field);
        }
        var file = kubeconfig.toAbsolutePath().resolveSibling(name);
        if (!Files.isReadable(file)) {
            throw new PkiException(kubeconfig + " refers to " + file + ", which cannot be read");
        }
        return file;
    }

    private static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    /// Never shows the token.
    @Override
    public String toString() {
        return "ServerAccess[" + url + "]";
    }
}
