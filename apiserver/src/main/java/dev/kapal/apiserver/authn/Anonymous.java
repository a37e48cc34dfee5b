package dev.kapal.apiserver.authn;

import dev.kapal.apiserver.api.User;
import java.util.List;
import java.util.Set;

/// Who comes without credentials. Any thread. Source: "Authenticating", anonymous requests.
///
/// @param allowed whether such requests go on at all
/// @param paths the only ones where they do; empty for all
public record Anonymous(boolean allowed, Set<String> paths) {
    public static final Anonymous DEFAULT = new Anonymous(true, Set.of());

    private static final Authenticator.Known STRANGER =
            new Authenticator.Known(User.of(User.ANONYMOUS, "system:unauthenticated"));
    private static final Authenticator.Refused REFUSED = new Authenticator.Refused("no credentials");

    public Anonymous {
        paths = Set.copyOf(paths);
    }

    static Anonymous on(List<String> paths) {
        return new Anonymous(true, Set.copyOf(paths));
    }

    Authenticator.Answer check(String path) {
        return allowed && (paths.isEmpty() || paths.contains(path)) ? STRANGER : REFUSED;
    }
}
