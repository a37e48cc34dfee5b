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

/// Tries the kinds of credentials in upstream's order: front proxy, certificate, password, token, none. The first good
/// ones count; bad ones and no good ones are a refusal. Any thread.
public final class Credentials implements Authenticator {
    private static final String AUTHENTICATED = "system:authenticated";
    /// Browsers cannot set headers on a WebSocket, so their token comes as a subprotocol.
    private static final String TOKEN_PROTOCOL = "base64url.bearer.authorization.k8s.io.";

    private final FrontProxy proxies;
    private final ClientCertificates certificates;
    private final Optional<Passwords> passwords;
    private final TokenAuthenticator tokens;
    private final List<String> audiences;
    private final Anonymous anonymous;

    /// @param audiences the names under which this server is meant
    Credentials(
            FrontProxy proxies,
            ClientCertificates certificates,
            Optional<Passwords> passwords,
            TokenAuthenticator tokens,
            List<String> audiences,
            Anonymous anonymous) {
        this.proxies = proxies;
        this.certificates = certificates;
        this.passwords = passwords;
        this.tokens = tokens;
        this.audiences = List.copyOf(audiences);
        this.anonymous = anonymous;
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
        var proxied = proxies.check(peer, request);
        if (proxied.isPresent()) {
            switch (proxied.get()) {
                case Known known -> {
                    return member(known);
                }
                case Refused bad -> refused = Optional.of(bad);
            }
        }
        if (!peer.chain().isEmpty()) {
            switch (certificates.check(peer.chain())) {
                case Known known -> {
                    return member(known);
                }
                case Refused bad -> refused = Optional.of(bad);
            }
        }
        var password = after(request, "Basic ");
        if (password.isPresent() && passwords.isPresent()) {
            return passwords
                    .get()
                    .check(password.get())
                    .<Answer>map(user -> new Known(member(user)))
                    .orElse(new Refused("wrong name or password"));
        }
        var token = bearer(request);
        if (token.isPresent()) {
            return switch (tokens.check(token.get(), audiences)) {
                case TokenAuthenticator.Valid valid -> new Known(member(valid.user()));
                case TokenAuthenticator.Bad bad -> new Refused(bad.why());
                case TokenAuthenticator.NotMine unknown -> new Refused("invalid bearer token");
            };
        }
        return refused.<Answer>map(bad -> bad).orElseGet(() -> anonymous.check(request.path()));
    }

    private static Known member(Known known) {
        return new Known(member(known.user()));
    }

    /// Everybody who is known is in one group; strangers, also those a proxy speaks for, are not.
    static User member(User user) {
        if (user.isIn(AUTHENTICATED) || user.name().equals(User.ANONYMOUS) || user.isIn("system:unauthenticated")) {
            return user;
        }
        var groups = new ArrayList<>(user.groups());
        groups.add(AUTHENTICATED);
        return new User(user.name(), user.uid(), groups, user.extra());
    }

    private static Optional<String> after(Request request, String scheme) {
        return request.header("Authorization")
                .map(String::strip)
                .filter(value -> value.regionMatches(true, 0, scheme, 0, scheme.length()))
                .map(value -> value.substring(scheme.length()).strip())
                .filter(rest -> !rest.isEmpty());
    }

    private static Optional<String> bearer(Request request) {
        if (request.header("Authorization").isPresent()) {
            return after(request, "Bearer ");
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
