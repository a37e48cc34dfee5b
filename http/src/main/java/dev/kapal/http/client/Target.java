package dev.kapal.http.client;

import java.util.Optional;
import javax.net.ssl.SSLContext;

/// A server to call.
///
/// @param host name or IP address
/// @param tls empty for clear text
public record Target(String host, int port, Optional<SSLContext> tls) {

    /// As it stands in URLs and `Host` headers.
    public String authority() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
