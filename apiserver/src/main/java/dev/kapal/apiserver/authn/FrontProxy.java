package dev.kapal.apiserver.authn;

import dev.kapal.apiserver.api.User;
import dev.kapal.base.time.Time;
import dev.kapal.http.Headers;
import dev.kapal.http.Peer;
import dev.kapal.http.Request;
import dev.kapal.pki.Subject;
import dev.kapal.pki.TrustRoots;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// A proxy that has found out who asks and says so in headers. Only a peer with a certificate of the front proxies' own
/// authority is believed; in the requests of others these headers mean nothing. Any thread. Source: "Authenticating",
/// authenticating proxy.
final class FrontProxy {
    private static final String EXTRA = "x-remote-extra-";

    private final Supplier<TrustRoots> roots;
    private final List<String> names;
    private final Time time;

    /// @param roots asked for at the first request with such headers
    /// @param names of the proxies that are believed; empty for all that the authority vouches for
    FrontProxy(Supplier<TrustRoots> roots, List<String> names, Time time) {
        this.roots = roots;
        this.names = List.copyOf(names);
        this.time = time;
    }

    /// Empty when no proxy speaks.
    Optional<Authenticator.Answer> check(Peer.Tls peer, Request request) {
        var headers = request.headers();
        String user = headers.first("X-Remote-User").orElse("");
        if (user.isEmpty() || peer.chain().isEmpty()) {
            return Optional.empty();
        }
        var objection = roots.get().refuse(peer.chain(), time.instant());
        if (objection.isPresent()) {
            return Optional.of(new Authenticator.Refused(objection.get()));
        }
        String name =
                Subject.of(peer.chain().getFirst().getSubjectX500Principal()).commonName();
        if (!names.isEmpty() && !names.contains(name)) {
            return Optional.of(
                    new Authenticator.Refused("x509: subject with cn=" + name + " is not in the allowed list"));
        }
        return Optional.of(new Authenticator.Known(
                new User(user, headers.first("X-Remote-Uid").orElse(""), groups(headers), extra(headers))));
    }

    private static List<String> groups(Headers headers) {
        var groups = new ArrayList<>(headers.all("X-Remote-Group"));
        groups.removeIf(String::isEmpty);
        return groups;
    }

    private static Map<String, List<String>> extra(Headers headers) {
        var extra = new LinkedHashMap<String, List<String>>();
        for (var name : headers.names()) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith(EXTRA)) {
                extra.put(decoded(lower.substring(EXTRA.length())), headers.all(name));
            }
        }
        return extra;
    }

    /// Keys come percent-encoded; what is no encoding stands for itself.
    static String decoded(String key) {
        try {
            return URLDecoder.decode(key.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException plain) {
            return key;
        }
    }
}
