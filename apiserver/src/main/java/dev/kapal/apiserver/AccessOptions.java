package dev.kapal.apiserver;

import dev.kapal.apiserver.authn.AuthenticationOptions;
import dev.kapal.apiserver.authz.AuthorizationOptions;

/// How the server finds out who asks, and who decides what they may do. Checked at start.
public record AccessOptions(AuthenticationOptions authentication, AuthorizationOptions authorization) {
    public static final AccessOptions DEFAULT =
            new AccessOptions(AuthenticationOptions.DEFAULT, AuthorizationOptions.DEFAULT);

    /// A file that the options name makes no sense. The message is for the user.
    public static final class UnusableException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnusableException(IllegalArgumentException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
