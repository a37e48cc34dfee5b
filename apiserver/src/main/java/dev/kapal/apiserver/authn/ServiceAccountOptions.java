package dev.kapal.apiserver.authn;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How tokens of service accounts are made and checked. Source: the API server's flags `--service-account-…` and
/// `--api-audiences`.
///
/// @param issuers the first one signs, tokens of all are accepted
/// @param audiences the names under which this server is meant; empty for the issuers
/// @param longest no token lives longer, if given
/// @param extend whether tokens of pods outlive what was asked for, because old clients do not read the file again
/// @param keysUri where others find the keys, if not at the issuer
public record ServiceAccountOptions(
        List<String> issuers,
        List<String> audiences,
        Optional<Duration> longest,
        boolean extend,
        Optional<String> keysUri) {
    public static final String DEFAULT_ISSUER = "https://kubernetes.default.svc.cluster.local";
    public static final ServiceAccountOptions DEFAULT =
            new ServiceAccountOptions(List.of(DEFAULT_ISSUER), List.of(), Optional.empty(), true, Optional.empty());

    private static final Duration SHORTEST = Duration.ofHours(1);
    private static final Duration LONGEST = Duration.ofSeconds(1L << 32);

    /// @throws IllegalArgumentException when it makes no sense; its message is for the user
    public ServiceAccountOptions {
        issuers = List.copyOf(issuers);
        audiences = audiences.isEmpty() ? issuers : List.copyOf(audiences);
        if (issuers.isEmpty() || issuers.contains("")) {
            throw new IllegalArgumentException("service-account-issuer is a required flag");
        }
        for (var issuer : issuers) {
            if (issuer.contains(":") && !isUri(issuer)) {
                throw new IllegalArgumentException(
                        "service-account-issuer \"" + issuer + "\" contained a ':' but was not a valid URL");
            }
        }
        if (longest.isPresent()
                && (longest.get().compareTo(SHORTEST) < 0 || longest.get().compareTo(LONGEST) > 0)) {
            throw new IllegalArgumentException(
                    "the service-account-max-token-expiration must be between 1 hour and 2^32 seconds");
        }
    }

    public String issuer() {
        return issuers.getFirst();
    }

    private static boolean isUri(String text) {
        try {
            return URI.create(text).isAbsolute();
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
