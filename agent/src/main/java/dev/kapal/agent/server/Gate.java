package dev.kapal.agent.server;

import dev.kapal.http.Peer;
import dev.kapal.http.Request;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/// Lets only the API server in. Whoever shows no certificate is nobody; whoever shows another one than the API server's
/// is refused by name. That certificates are genuine is the TLS handshake's part. Immutable; any thread.
record Gate(String apiServer) {
    /// @throws Refusal unless the request comes from the API server
    void check(Request request) {
        switch (request.peer()) {
            case Peer.Local(String user, var groups) -> admit(user, request);
            case Peer.Tls tls -> {
                var user = tls.certificate()
                        .flatMap(certificate ->
                                commonName(certificate.getSubjectX500Principal().getName()))
                        .orElseThrow(() -> new Refusal(401, "Unauthorized"));
                admit(user, request);
            }
        }
    }

    private void admit(String user, Request request) {
        if (!user.equals(apiServer)) {
            var verb = request.method().equals("GET") ? "get" : "create";
            throw new Refusal(
                    403, "Forbidden (user=%s, verb=%s, resource=nodes, subresource=[proxy])".formatted(user, verb));
        }
    }

    private static Optional<String> commonName(String subject) {
        try {
            return new LdapName(subject)
                    .getRdns().stream()
                            .filter(part -> part.getType().equalsIgnoreCase("CN"))
                            .map(part -> String.valueOf(part.getValue()))
                            .findFirst();
        } catch (InvalidNameException unreadable) {
            return Optional.empty();
        }
    }
}
