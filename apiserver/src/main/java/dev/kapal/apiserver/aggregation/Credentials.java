package dev.kapal.apiserver.aggregation;

import dev.kapal.pki.ClusterPki;
import dev.kapal.pki.Pem;
import dev.kapal.pki.TlsContexts;
import dev.kapal.pki.TrustRoots;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/// How this server shows who it is to other servers, and knows them: with the front proxy's certificate, and by the
/// authorities of their APIService. Nothing is made before the first connection. Any thread.
final class Credentials {
    private final ClusterPki pki;

    Credentials(ClusterPki pki) {
        this.pki = pki;
    }

    /// The context for one server, made once.
    Supplier<SSLContext> to(ApiService service) {
        return new Supplier<>() {
            private SSLContext made;

            @Override
            public synchronized SSLContext get() {
                if (made == null) {
                    made = context(service);
                }
                return made;
            }
        };
    }

    private SSLContext context(ApiService service) {
        try {
            var identity = pki.frontProxyClient();
            if (service.insecure()) {
                return TlsContexts.anyServer(identity);
            }
            return TlsContexts.client(identity, new TrustRoots(roots(service.caBundle())));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static List<X509Certificate> roots(String caBundle) {
        if (caBundle.isEmpty()) {
            return system();
        }
        return Pem.certificates(new String(Base64.getDecoder().decode(caBundle), StandardCharsets.UTF_8));
    }

    private static List<X509Certificate> system() {
        try {
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            var roots = new ArrayList<X509Certificate>();
            for (var manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager trust) {
                    roots.addAll(List.of(trust.getAcceptedIssuers()));
                }
            }
            return roots;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
