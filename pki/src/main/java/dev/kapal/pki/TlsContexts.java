package dev.kapal.pki;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/// Makes TLS contexts. An identity is asked for at each handshake, so one that was renewed on disk is used without a
/// restart: that is the seam for rotation. Stateless.
public final class TlsContexts {
    private static final int SESSION_SECONDS = 3600;

    private TlsContexts() {}

    /// For a server that looks at client certificates itself: any is let through the handshake, which proves that the
    /// client holds the key, and nothing else. `roots` are only named to clients, so that they know which one to
    /// send.
    public static SSLContext lenientServer(Supplier<Identity> identity, TrustRoots roots) {
        return context(identity, new AnyClient(roots));
    }

    /// For a server that breaks off the handshake when a client shows a certificate that `roots` do not vouch for.
    public static SSLContext strictServer(Supplier<Identity> identity, TrustRoots roots) {
        return context(identity, pkix(roots));
    }

    public static SSLContext client(Optional<Identity> identity, TrustRoots roots) {
        return context(identity.<Supplier<Identity>>map(i -> () -> i).orElse(null), pkix(roots));
    }

    /// A client whose identity is renewed while it is used. It resumes no session: a resumed one would show the
    /// identity
    /// of the first handshake.
    public static SSLContext client(Supplier<Identity> identity, TrustRoots roots) {
        var context = context(identity, pkix(roots));
        context.getClientSessionContext().setSessionTimeout(1);
        return context;
    }

    /// For a client that does not ask who the server is: backends of the proxy, whose certificates nobody vouches
    /// for.
    public static SSLContext anyServer() {
        return context(null, new AnyServer());
    }

    /// As [#anyServer()], for a client that says who it is.
    public static SSLContext anyServer(Supplier<Identity> identity) {
        return context(identity, new AnyServer());
    }

    private static SSLContext context(Supplier<Identity> identity, TrustManager trust) {
        try {
            var context = SSLContext.getInstance("TLS");
            var keys = identity == null ? null : new KeyManager[] {new OneIdentity(identity)};
            context.init(keys, new TrustManager[] {trust}, new SecureRandom());
            // A resumed session shows the certificates of its first handshake: renewed ones must come through.
            context.getServerSessionContext().setSessionTimeout(SESSION_SECONDS);
            context.getClientSessionContext().setSessionTimeout(SESSION_SECONDS);
            return context;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private static TrustManager pkix(TrustRoots roots) {
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int number = 0;
            for (var root : roots.certificates()) {
                store.setCertificateEntry("root-" + number++, root);
            }
            var factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return factory.getTrustManagers()[0];
        } catch (GeneralSecurityException | IOException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
