package dev.kapal.apiserver.authn;

import dev.kapal.apiserver.api.User;
import java.util.List;
import java.util.Optional;

/// What was found out about a token.
///
/// @param user empty when it is not good
/// @param audiences those of the asked-for ones that it is meant for
/// @param error why it is not good
public record TokenVerdict(Optional<User> user, List<String> audiences, String error) {
    public TokenVerdict {
        audiences = List.copyOf(audiences);
    }
}
