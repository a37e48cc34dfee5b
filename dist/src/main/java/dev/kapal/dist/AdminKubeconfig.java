package dev.kapal.dist;

import dev.kapal.pki.CertificateAuthority;
import dev.kapal.pki.Identity;
import dev.kapal.pki.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;

/// Writes kubeconfig files with everything in them, readable by their owner only. Stateless.
final class AdminKubeconfig {
    private AdminKubeconfig() {}

    /// Lets `identity` reach the server at `url`; cluster, user and context are all called `kapal`.
    static void write(Path file, String url, CertificateAuthority authority, Identity identity) throws IOException {
        Pem.writeSecret(file, """
                apiVersion: v1
                kind: Config
                clusters:
                - name: kapal
                  cluster:
                    server: %s
                    certificate-authority-data: %s
                users:
                - name: kapal
                  user:
                    client-certificate-data: %s
                    client-key-data: %s
                contexts:
                - name: kapal
                  context:
                    cluster: kapal
                    user: kapal
                current-context: kapal
                """.formatted(
                url, base64(authority.certificatePem()), base64(identity.certificatePem()), base64(identity.keyPem())));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
