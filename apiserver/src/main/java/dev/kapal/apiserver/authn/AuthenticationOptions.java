package dev.kapal.apiserver.authn;

import dev.kapal.apiserver.authn.oidc.JwtIssuer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How the server finds out who asks. Source: the API server's flags for authentication.
///
/// @param tokenFile users with fixed tokens, for courses
/// @param passwordFile users with passwords, for courses
/// @param bootstrapTokens whether nodes may join with tokens kept in kube-system
/// @param issuers OpenID Connect providers that are believed
/// @param issuersFile where they stand, if they are to be read again when that changes
/// @param webhook another server that knows tokens
/// @param proxyNames the names of front proxies that are believed; empty for all of their authority
public record AuthenticationOptions(
        Anonymous anonymous,
        ServiceAccountOptions accounts,
        Optional<Path> tokenFile,
        Optional<Path> passwordFile,
        boolean bootstrapTokens,
        List<String> proxyNames,
        List<JwtIssuer> issuers,
        Optional<Path> issuersFile,
        Optional<TokenWebhook> webhook) {
    public static final AuthenticationOptions DEFAULT = new AuthenticationOptions(
            Anonymous.DEFAULT,
            ServiceAccountOptions.DEFAULT,
            Optional.empty(),
            Optional.empty(),
            true,
            List.of("front-proxy-client"),
            List.of(),
            Optional.empty());

    /// With providers that stay.
    public AuthenticationOptions(
            Anonymous anonymous,
            ServiceAccountOptions accounts,
            Optional<Path> tokenFile,
            Optional<Path> passwordFile,
            boolean bootstrapTokens,
            List<String> proxyNames,
            List<JwtIssuer> issuers,
            Optional<TokenWebhook> webhook) {
        this(
                anonymous,
                accounts,
                tokenFile,
                passwordFile,
                bootstrapTokens,
                proxyNames,
                issuers,
                Optional.empty(),
                webhook);
    }

    /// @throws IllegalArgumentException when they make no sense here; its message is for the user
    AuthenticationOptions with(List<JwtIssuer> otherIssuers) {
        return new AuthenticationOptions(
                anonymous,
                accounts,
                tokenFile,
                passwordFile,
                bootstrapTokens,
                proxyNames,
                otherIssuers,
                issuersFile,
                webhook);
    }

    public AuthenticationOptions {
        proxyNames = List.copyOf(proxyNames);
        issuers = List.copyOf(issuers);
        for (var issuer : issuers) {
            if (accounts.issuers().contains(issuer.url())) {
                throw new IllegalArgumentException("issuer.url: Invalid value: \"" + issuer.url()
                        + "\": URL must not overlap with disallowed issuers: " + accounts.issuers());
            }
        }
    }

    /// @param kubeconfig leads to the server
    /// @param version of the reviews that it is sent, `v1` or `v1beta1`
    /// @param ttl how long its answers count
    public record TokenWebhook(Path kubeconfig, String version, Duration ttl) {}
}
