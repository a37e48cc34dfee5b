package dev.kapal.apiserver.authn.oidc;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A provider that is believed, and how its claims make a user. Checked when made. Source: API reference,
/// AuthenticationConfiguration, JWTAuthenticator.
///
/// @param url what tokens name as their issuer
/// @param discoveryUrl where the provider describes itself, if not at its own address
/// @param caPem who vouches for the provider; empty for the machine's own trust
/// @param audiences one of which a token must be meant for
/// @param algorithms that signatures may use; `none` is never among them
/// @param claimRules what must hold for the claims
/// @param userRules what must hold for the user that comes of them
public record JwtIssuer(
        String url,
        Optional<String> discoveryUrl,
        Optional<String> caPem,
        List<String> audiences,
        Set<String> algorithms,
        List<ClaimRule> claimRules,
        Mappings mappings,
        List<Rule> userRules) {
    /// What signatures may use at all: those that need a key of the provider's own.
    public static final Set<String> ALL_ALGORITHMS =
            Set.of("RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512");

    /// @throws IllegalArgumentException when it makes no sense; its message is for the user
    public JwtIssuer {
        audiences = List.copyOf(audiences);
        algorithms = Set.copyOf(algorithms);
        claimRules = List.copyOf(claimRules);
        userRules = List.copyOf(userRules);
        requireHttps("issuer.url", url);
        discoveryUrl.ifPresent(other -> requireHttps("issuer.discoveryURL", other));
        if (audiences.isEmpty() || audiences.contains("")) {
            throw new IllegalArgumentException(
                    "issuer.audiences: Required value: at least one issuer audience is required");
        }
        for (var algorithm : algorithms) {
            if (!ALL_ALGORITHMS.contains(algorithm)) {
                throw new IllegalArgumentException("oidc: unsupported signing alg: \"" + algorithm + "\"");
            }
        }
    }

    /// Another issuer that is held to the same: it tells claims in this one's place.
    ///
    /// @throws IllegalArgumentException when `other` is no address of an issuer
    JwtIssuer at(String other) {
        return new JwtIssuer(other, Optional.empty(), caPem, audiences, algorithms, List.of(), mappings, List.of());
    }

    /// A claim that must have a value, or an expression that must hold.
    public sealed interface ClaimRule {}

    /// @param value what the claim must be; empty if it is enough that it is there
    public record RequiredClaim(String claim, String value) implements ClaimRule {}

    /// @param expression in CEL
    /// @param message for whoever does not meet it
    public record Rule(String expression, String message) implements ClaimRule {}

    /// Where one part of a user comes from.
    public sealed interface Mapping {}

    /// @param prefix put before what the claim says, so that providers cannot speak for each other or for the system
    public record FromClaim(String claim, String prefix) implements Mapping {}

    /// @param expression in CEL
    public record FromExpression(String expression) implements Mapping {}

    /// @param groups empty for no groups
    /// @param uid empty for no uid
    public record Mappings(Mapping username, Optional<Mapping> groups, Optional<Mapping> uid, List<Extra> extra) {
        public Mappings {
            extra = List.copyOf(extra);
        }
    }

    /// @param key a name with a domain, in lower case
    public record Extra(String key, String expression) {}

    private static void requireHttps(String field, String url) {
        if (url.isEmpty()) {
            throw new IllegalArgumentException(field + ": Required value: URL is required");
        }
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(field + ": Invalid value: \"" + url + "\": " + malformed.getMessage());
        }
        if (!"https".equals(uri.getScheme())) {
            throw new IllegalArgumentException(field + ": Invalid value: \"" + url + "\": URL scheme must be https");
        }
        if (uri.getUserInfo() != null || uri.getQuery() != null || uri.getFragment() != null) {
            throw new IllegalArgumentException(field + ": Invalid value: \"" + url
                    + "\": URL must not contain a username, password, query or fragment");
        }
    }
}
