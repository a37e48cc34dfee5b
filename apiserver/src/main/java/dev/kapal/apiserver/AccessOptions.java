package dev.kapal.apiserver;

import dev.kapal.apiserver.authz.AuthorizationOptions;

/// How the server finds out who asks, and who decides what they may do. Checked at start.
public record AccessOptions(AuthorizationOptions authorization) {
    public static final AccessOptions DEFAULT = new AccessOptions(AuthorizationOptions.DEFAULT);
}
