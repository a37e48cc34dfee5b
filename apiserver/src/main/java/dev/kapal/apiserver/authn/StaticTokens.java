package dev.kapal.apiserver.authn;

import dev.kapal.apiserver.api.User;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Tokens from a file, for courses: a line is `token,user,uid,"group,group"`. Any thread. Source: "Authenticating",
/// static token file.
final class StaticTokens implements TokenAuthenticator {
    /// By the tokens' fingerprints, so that looking one up takes the same time whatever is wrong with it.
    private final Map<String, User> users = new HashMap<>();

    StaticTokens(List<UserFile.Line> lines) {
        lines.forEach(line -> users.put(Fingerprints.of(line.secret()), line.user()));
    }

    @Override
    public Answer check(String token, List<String> audiences) {
        var user = users.get(Fingerprints.of(token));
        return user == null ? NOT_MINE : new Valid(user, audiences);
    }
}
