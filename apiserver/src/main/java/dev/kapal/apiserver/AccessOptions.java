package dev.kapal.apiserver;

import dev.kapal.apiserver.authn.AuthenticationOptions;
import dev.kapal.apiserver.authz.AuthorizationOptions;

/// How the server finds out who asks, and who decides what they may do. Checked at start.
public record AccessOptions(AuthenticationOptions authentication, AuthorizationOptions authorization) {
    public static final AccessOptions DEFAULT =
            new AccessOptions(AuthenticationOptions.DEFAULT, AuthorizationOptions.DEFAULT);
}
