package dev.kapal.apiserver.authn;

import dev.kapal.apiserver.api.User;
import dev.kapal.http.Peer;
import dev.kapal.http.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Tries the kinds of credentials in upstream's order: certificate, token, none. Any thread.
public final class Credentials implements Authenticator {
    private static final String AUTHENTICATED = "system:authenticated";
    private static final Known ANONYMOUS = new Known(User.of(User.ANONYMOUS, "system:unauthenticated"));
    /// Browsers cannot set headers on a WebSocket, so their token comes as a subprotocol.
    private static final String TOKEN_PROTOCOL = "base64url.bearer.authorization.k8s.io.";

    private final ClientCertificates certificates;
    private final ServiceAccountTokens tokens;

    public Credentials(ClientCertificates certificates, ServiceAccountTokens tokens) {
        this.certificates = certificates;
        this.tokens = tokens;
    }

    @Override
    public Answer authenticate(Request request) throws InterruptedException {
        return switch (request.peer()) {
            case Peer.Local local -> new Known(member(new User(local.user(), "", local.groups(), Map.of())));
            case Peer.Tls remote -> remote(remote, request);
        };
    }

    private Answer remote(Peer.Tls peer, Request request) throws InterruptedException {
        var refused = Optional.<Refused>empty();
        if (!peer.chain().isEmpty()) {
            switch (certificates.check(peer.chain())) {
                case Known known -> {
                    return new Known(member(known.user()));
                }
                case Refused bad -> refused = Optional.of(bad);
            }
        }
        var token = bearer(request);
        if (token.isPresent()) {
            return switch (tokens.check(token.get())) {
                case Known known -> new Known(member(known.user()));
                case Refused bad -> bad;
            };
        }
        return refused.<Answer>map(bad -> bad).orElse(ANONYMOUS);
    }

    private static User member(User user) {
        if (user.isIn(AUTHENTICATED)) {
            return user;
        }
        var groups = new ArrayList<>(user.groups());
        groups.add(AUTHENTICATED);
        return new User(user.name(), user.uid(), groups, user.extra());
    }

    private static Optional<String> bearer(Request request) {
        var header = request.header("Authorization");
        if (header.isPresent()) {
            String value = header.get().strip();
            return value.regionMatches(true, 0, "Bearer ", 0, 7)
                    ? Optional.of(value.substring(7).strip()).filter(token -> !token.isEmpty())
                    : Optional.empty();
        }
        return request.headers().has("Upgrade")
                ? fromProtocols(request.headers().tokens("Sec-WebSocket-Protocol"))
                : Optional.empty();
    }

    private static Optional<String> fromProtocols(List<String> protocols) {
        for (var protocol : protocols) {
            if (protocol.startsWith(TOKEN_PROTOCOL)) {
                try {
                    byte[] token = Base64.getUrlDecoder().decode(protocol.substring(TOKEN_PROTOCOL.length()));
                    return Optional.of(new String(token, StandardCharsets.UTF_8));
                } catch (IllegalArgumentException broken) {
                    return Optional.of(""); // credentials that cannot be good
                }
            }
        }
        return Optional.empty();
    }
}
