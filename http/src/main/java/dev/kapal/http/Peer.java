package dev.kapal.http;

import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/// Who is at the other end of a request.
public sealed interface Peer {
    /// A network peer. It has proved that it holds the key of the first certificate; whether anybody trusts that
    /// certificate is for the authenticator to say.
    ///
    /// @param chain as the client sent it, its own certificate first; empty without one
    record Tls(List<X509Certificate> chain, InetSocketAddress address) implements Peer {
        public Tls {
            chain = List.copyOf(chain);
        }

        public Optional<X509Certificate> certificate() {
            return chain.isEmpty() ? Optional.empty() : Optional.of(chain.getFirst());
        }
    }

    /// A component in this process, trusted to say who it is.
    record Local(String user, List<String> groups) implements Peer {
        public Local {
            groups = List.copyOf(groups);
        }
    }
}
