package dev.kapal.apiserver.authn;

import dev.kapal.apiserver.api.User;
import java.util.List;

/// One way to read a bearer token. Any thread; all but those that ask other servers answer from memory.
@FunctionalInterface
public interface TokenAuthenticator {
    /// @param audiences whom the token must be meant for, one of them at least
    Answer check(String token, List<String> audiences) throws InterruptedException;

    sealed interface Answer {}

    /// @param audiences those of the asked-for ones that the token is meant for
    record Valid(User user, List<String> audiences) implements Answer {}

    /// The token is of another kind: others may know it.
    record NotMine() implements Answer {}

    /// The token is of this kind and not good.
    ///
    /// @param why for the log and for token reviews; whoever shows the token is only told that it is not authorized
    record Bad(String why) implements Answer {}

    NotMine NOT_MINE = new NotMine();
}
