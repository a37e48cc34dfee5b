package dev.kapal.client.delegated;

import dev.kapal.base.time.Time;
import dev.kapal.pki.CertificateAuthority;
import dev.kapal.pki.Identity;
import dev.kapal.pki.KeptIdentity;
import dev.kapal.pki.Profile;
import dev.kapal.pki.TlsContexts;
import dev.kapal.pki.TrustRoots;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/// A server certificate that nobody else vouches for and that no file holds, as upstream's components make one when
/// they are given none. Made anew before it ends, by who asks for it. Any thread.
final class OwnCertificate implements Supplier<Identity> {
    private final String name;
    private final Time time;
    /// Guarded by this.
    private Identity current;

    OwnCertificate(String name, Time time) {
        this.name = name;
        this.time = time;
        this.current = make();
    }

    SSLContext context(TrustRoots clients) {
        return TlsContexts.strictServer(this, clients);
    }

    @Override
    public synchronized Identity get() {
        if (KeptIdentity.isDue(current.certificate(), time.instant())) {
            current = make();
        }
        return current;
    }

    private Identity make() {
        return CertificateAuthority.create(name + "-ca", time)
                .issue(Profile.server(name, List.of("localhost", "127.0.0.1")));
    }
}
