package dev.kapal.apiserver.authn;

import dev.kapal.apiserver.api.User;
import dev.kapal.http.Request;

/// Finds out who makes a request. Any thread; must answer from memory.
@FunctionalInterface
public interface Authenticator {
    Answer authenticate(Request request) throws InterruptedException;

    sealed interface Answer {}

    /// @param user anonymous when the request carries no credentials at all
    record Known(User user) implements Answer {}

    /// There are credentials, and they are not good.
    ///
    /// @param why for the log; the client is only told that it is not authorized
    record Refused(String why) implements Answer {}
}
