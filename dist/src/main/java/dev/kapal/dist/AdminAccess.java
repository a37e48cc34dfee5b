package dev.kapal.dist;

import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.base.time.Time;
import dev.kapal.client.KubeconfigFile;
import dev.kapal.pki.ClusterPki;
import dev.kapal.pki.Identity;
import dev.kapal.pki.PkiException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/// Keeps the administrator's kubeconfig good: its certificate is in the file, so the file is written again when that is
/// renewed. It does the same for the identities that components in other processes read. Looks every hour, on one
/// thread; whatever the clock did in between, an hour later the files are right.
final class AdminAccess {
    private static final Log log = Log.of(AdminAccess.class);
    private static final Duration GLANCE = Duration.ofHours(1);

    private final ClusterPki pki;
    private final Path file;
    private final KubeconfigFile access;

    private AdminAccess(ClusterPki pki, Path file, KubeconfigFile access) {
        this.pki = pki;
        this.file = file;
        this.access = access;
    }

    /// Writes the file, and again for as long as `life` lasts.
    static AdminAccess keep(ClusterPki pki, Path file, int port, Time time, Life life) throws IOException {
        var admin = new AdminAccess(pki, file, access(pki, port));
        var first = pki.admin();
        admin.access.write(file, first);
        life.start("admin-access", () -> admin.run(first, time));
        return admin;
    }

    static void write(ClusterPki pki, Path file, int port) throws IOException {
        access(pki, port).write(file, pki.admin());
    }

    private static KubeconfigFile access(ClusterPki pki, int port) {
        return KubeconfigFile.admin("https://127.0.0.1:" + port, pki.authority().certificatePem());
    }

    private void run(Identity first, Time time) throws InterruptedException {
        var written = first;
        while (true) {
            try {
                pki.keepComponents();
                var current = pki.admin();
                if (!current.certificate().equals(written.certificate())) {
                    access.write(file, current);
                    written = current;
                    log.info("administrator's kubeconfig renewed", "file", file);
                }
            } catch (IOException | PkiException failure) {
                log.warn("certificates not renewed", "file", file, "cause", failure.getMessage());
            }
            time.sleep(GLANCE);
        }
    }
}
