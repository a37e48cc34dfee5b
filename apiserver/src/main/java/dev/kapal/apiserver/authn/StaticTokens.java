package dev.kapal.apiserver.authn;

import dev.kapal.apiserver.api.User;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Tokens from a file, for courses: a line is `token,user,uid,"group,group"`. Any thread. Source: "Authenticating",
/// static token file.
final class StaticTokens implements TokenAuthenticator {
    private final Map<Digest, User> users = new HashMap<>();

    /// A token's fingerprint, so that looking it up takes the same time whatever is wrong with it.
    private record Digest(List<Byte> bytes) {
        static Digest of(String token) {
            try {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
                var bytes = new Byte[hash.length];
                for (int i = 0; i < hash.length; i++) {
                    bytes[i] = hash[i];
                }
                return new Digest(List.of(bytes));
            } catch (java.security.NoSuchAlgorithmException missing) {
                throw new IllegalStateException(missing);
            }
        }
    }

    StaticTokens(List<UserFile.Line> lines) {
        lines.forEach(line -> users.put(Digest.of(line.secret()), line.user()));
    }

    @Override
    public Answer check(String token, List<String> audiences) {
        var user = users.get(Digest.of(token));
        return user == null ? NOT_MINE : new Valid(user, audiences);
    }
}
