package dev.kapal.apiserver.authn;

import dev.kapal.apiserver.api.User;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Names and passwords from a file, for courses: a line is `password,user,uid,"group,group"` (RFC 7617). Upstream had
/// it
/// until 1.19. Any thread.
final class Passwords {
    private final Map<String, UserFile.Line> byName = new HashMap<>();

    Passwords(List<UserFile.Line> lines) {
        lines.forEach(line -> byName.put(line.user().name(), line));
    }

    /// @param credentials what follows `Basic ` in the header
    Optional<User> check(String credentials) {
        String text;
        try {
            text = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
        int colon = text.indexOf(':');
        var line = colon < 0 ? null : byName.get(text.substring(0, colon));
        boolean right = line != null && isSame(line.secret(), text.substring(colon + 1));
        return right ? Optional.of(line.user()) : Optional.empty();
    }

    private static boolean isSame(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
