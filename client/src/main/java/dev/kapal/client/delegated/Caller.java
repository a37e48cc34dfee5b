package dev.kapal.client.delegated;

import dev.kapal.http.Peer;
import dev.kapal.http.Request;
import dev.kapal.pki.Subject;
import java.util.List;
import java.util.Optional;

/// Who asks. Immutable.
public record Caller(String name, String uid, List<String> groups) {
    public Caller {
        groups = List.copyOf(groups);
    }

    /// Who the connection itself vouches for: a call from this process, or a certificate that the handshake accepted.
    public static Optional<Caller> ofConnection(Request request) {
        if (request.peer() instanceof Peer.Local(String user, var groups)) {
            return Optional.of(new Caller(user, "", groups));
        }
        if (request.peer() instanceof Peer.Tls tls && tls.certificate().isPresent()) {
            var subject = Subject.of(tls.certificate().get().getSubjectX500Principal());
            return Optional.of(new Caller(subject.commonName(), "", subject.organizations()));
        }
        return Optional.empty();
    }

    /// The token that came with the request.
    public static Optional<String> token(Request request) {
        return request.header("Authorization")
                .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
                .map(value -> value.substring(7).strip())
                .filter(value -> !value.isEmpty());
    }
}
