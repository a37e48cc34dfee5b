package dev.kapal.client;

import dev.kapal.pki.TlsContexts;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.net.http.HttpClient;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// fabric8's transport on the JDK's client, with TLS of ours: the identity is asked for at each handshake.
final class HttpsTransport extends JdkHttpClientFactory {
    private final SSLContext tls;

    HttpsTransport(ServerAccess access) {
        tls = access.identity()
                .map(identity -> TlsContexts.client(identity, access.roots()))
                .orElseGet(() -> TlsContexts.client(Optional.empty(), access.roots()));
    }

    @Override
    protected void additionalConfig(HttpClient.Builder builder) {
        builder.sslContext(tls);
    }
}
