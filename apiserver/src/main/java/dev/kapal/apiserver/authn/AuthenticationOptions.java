package dev.kapal.apiserver.authn;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// How the server finds out who asks. Source: the API server's flags for authentication.
///
/// @param tokenFile users with fixed tokens, for courses
/// @param passwordFile users with passwords, for courses
/// @param bootstrapTokens whether nodes may join with tokens kept in kube-system
/// @param proxyNames the names of front proxies that are believed; empty for all of their authority
public record AuthenticationOptions(
        Anonymous anonymous,
        ServiceAccountOptions accounts,
        Optional<Path> tokenFile,
        Optional<Path> passwordFile,
        boolean bootstrapTokens,
        List<String> proxyNames) {
    public static final AuthenticationOptions DEFAULT = new AuthenticationOptions(
            Anonymous.DEFAULT,
            ServiceAccountOptions.DEFAULT,
            Optional.empty(),
            Optional.empty(),
            true,
            List.of("front-proxy-client"));

    public AuthenticationOptions {
        proxyNames = List.copyOf(proxyNames);
    }
}
