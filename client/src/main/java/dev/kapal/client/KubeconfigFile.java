package dev.kapal.client;

import dev.kapal.pki.Identity;
import dev.kapal.pki.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;

/// A kubeconfig for one user of one cluster. Immutable.
///
/// @param name the cluster's, and the context's
/// @param authorityPem who vouches for the server
public record KubeconfigFile(String name, String user, String url, String authorityPem) {
    /// The access of a cluster's own administrator; cluster, user and context are all called `kapal`.
    public static KubeconfigFile admin(String url, String authorityPem) {
        return new KubeconfigFile("kapal", "kapal", url, authorityPem);
    }

    /// Everything in one file, readable by its owner only.
    public void write(Path file, Identity identity) throws IOException {
        Pem.writeSecret(file, text(identity));
    }

    /// The file with certificate and key in it.
    public String text(Identity identity) {
        return text("""
                client-certificate-data: %s
                    client-key-data: %s""".formatted(base64(identity.certificatePem()), base64(identity.keyPem())));
    }

    /// The file for an identity that is kept, and renewed, in the files `name.crt` and `name.key` of `directory`.
    public void writeReferring(Path file, Path directory, String name) throws IOException {
        Path certificate = directory.toAbsolutePath().resolve(name + ".crt");
        Path key = directory.toAbsolutePath().resolve(name + ".key");
        Pem.writeSecret(file, text("""
                client-certificate: %s
                    client-key: %s""".formatted(certificate, key)));
    }

    /// What a cluster publishes about itself: where it is and who vouches for it, for nobody in particular.
    public static String withoutUser(String url, String authorityPem) {
        return """
                apiVersion: v1
                clusters:
                - cluster:
                    certificate-authority-data: %s
                    server: %s
                  name: ""
                contexts: null
                current-context: ""
                kind: Config
                preferences: {}
                users: null
                """.formatted(base64(authorityPem), url);
    }

    private String text(String credentials) {
        return """
                apiVersion: v1
                kind: Config
                clusters:
                - name: %1$s
                  cluster:
                    server: %3$s
                    certificate-authority-data: %4$s
                users:
                - name: %2$s
                  user:
                    %5$s
                contexts:
                - name: %1$s
                  context:
                    cluster: %1$s
                    user: %2$s
                current-context: %1$s
                """.formatted(name, user, url, base64(authorityPem), credentials);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
