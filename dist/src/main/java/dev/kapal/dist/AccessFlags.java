package dev.kapal.dist;

import dev.kapal.apiserver.AccessOptions;
import dev.kapal.apiserver.authn.Anonymous;
import dev.kapal.apiserver.authn.AuthenticationOptions;
import dev.kapal.apiserver.authn.ServiceAccountOptions;
import dev.kapal.apiserver.authn.oidc.AuthenticationFile;
import dev.kapal.apiserver.authn.oidc.JwtIssuer;
import dev.kapal.apiserver.authz.AuthorizationFile;
import dev.kapal.apiserver.authz.AuthorizationOptions;
import dev.kapal.cel.value.GoDuration;
import dev.kapal.cli.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/// Who may come in and who decides what they may do: the API server's flags, under upstream's names.
final class AccessFlags {
    @Option(
            names = "--authorization-mode",
            paramLabel = "MODES",
            description = "who decides, in this order: Node, RBAC, ABAC, Webhook, AlwaysAllow, AlwaysDeny (Node,RBAC)")
    private String modes;

    @Option(
            names = "--authorization-config",
            paramLabel = "FILE",
            description = "an AuthorizationConfiguration: who decides, instead of the modes")
    private Path authorizationConfig;

    @Option(names = "--authorization-policy-file", paramLabel = "FILE", description = "policies for the mode ABAC")
    private Path policyFile;

    @Option(
            names = "--authorization-webhook-config-file",
            paramLabel = "FILE",
            description = "a kubeconfig that leads to the server of the mode Webhook")
    private Path authorizationWebhook;

    @Option(names = "--authorization-webhook-version", paramLabel = "V", description = "of the reviews (v1beta1)")
    private String authorizationWebhookVersion = "v1beta1";

    @Option(names = "--authorization-webhook-cache-authorized-ttl", paramLabel = "T", description = "(5m)")
    private String allowedTtl = "5m";

    @Option(names = "--authorization-webhook-cache-unauthorized-ttl", paramLabel = "T", description = "(30s)")
    private String refusedTtl = "30s";

    @Option(
            names = "--anonymous-auth",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "BOOL",
            description = "whether strangers are judged by the roles, or refused (true)")
    private Boolean anonymous;

    @Option(names = "--token-auth-file", paramLabel = "FILE", description = "users with fixed tokens")
    private Path tokenFile;

    @Option(names = "--basic-auth-file", paramLabel = "FILE", description = "users with passwords")
    private Path passwordFile;

    @Option(
            names = "--enable-bootstrap-token-auth",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "BOOL",
            description = "whether nodes may join with tokens kept in kube-system (true)")
    private boolean bootstrapTokens = true;

    @Option(
            names = "--requestheader-allowed-names",
            split = ",",
            paramLabel = "NAMES",
            description = "front proxies that are believed (front-proxy-client)")
    private List<String> proxyNames = List.of("front-proxy-client");

    @Option(
            names = "--service-account-issuer",
            paramLabel = "URL",
            description = "the first one signs tokens, those of all are accepted")
    private List<String> issuers = List.of(ServiceAccountOptions.DEFAULT_ISSUER);

    @Option(names = "--api-audiences", split = ",", paramLabel = "NAMES", description = "whom tokens must be meant for")
    private List<String> audiences = List.of();

    @Option(names = "--service-account-max-token-expiration", paramLabel = "T", description = "no token lives longer")
    private String longestToken;

    @Option(
            names = "--service-account-extend-token-expiration",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "BOOL",
            description = "whether tokens of pods outlive what was asked for (true)")
    private boolean extend = true;

    @Option(names = "--service-account-jwks-uri", paramLabel = "URL", description = "where others find the keys")
    private String keysUri;

    @Option(
            names = "--authentication-config",
            paramLabel = "FILE",
            description = "an AuthenticationConfiguration: OpenID Connect providers and what is open to strangers")
    private Path authenticationConfig;

    @Option(
            names = "--authentication-token-webhook-config-file",
            paramLabel = "FILE",
            description = "a kubeconfig that leads to a server that knows tokens")
    private Path tokenWebhook;

    @Option(names = "--authentication-token-webhook-version", paramLabel = "V", description = "(v1beta1)")
    private String tokenWebhookVersion = "v1beta1";

    @Option(names = "--authentication-token-webhook-cache-ttl", paramLabel = "T", description = "(2m)")
    private String tokenWebhookTtl = "2m";

    @Option(
            names = "--oidc-issuer-url",
            paramLabel = "URL",
            description = "an OpenID Connect provider that is believed")
    private String oidcIssuer;

    @Option(names = "--oidc-client-id", paramLabel = "ID", description = "whom its tokens must be meant for")
    private String oidcClient;

    @Option(names = "--oidc-ca-file", paramLabel = "FILE", description = "who vouches for the provider")
    private Path oidcCa;

    @Option(names = "--oidc-username-claim", paramLabel = "CLAIM", description = "(sub)")
    private String oidcUsername = "sub";

    @Option(
            names = "--oidc-username-prefix",
            paramLabel = "TEXT",
            description = "before each name; - for none (the issuer and #, unless the claim is email)")
    private String oidcUsernamePrefix;

    @Option(names = "--oidc-groups-claim", paramLabel = "CLAIM", description = "where groups are named")
    private String oidcGroups;

    @Option(names = "--oidc-groups-prefix", paramLabel = "TEXT", description = "before each group")
    private String oidcGroupsPrefix = "";

    @Option(names = "--oidc-signing-algs", split = ",", paramLabel = "ALGS", description = "(RS256)")
    private List<String> oidcAlgorithms = List.of("RS256");

    @Option(names = "--oidc-required-claim", split = ",", paramLabel = "K=V", description = "what tokens must say")
    private Map<String, String> oidcRequired = new LinkedHashMap<>();

    /// Throws [Refusal] for what makes no sense.
    AccessOptions options() throws IOException {
        try {
            return new AccessOptions(authentication(), authorization());
        } catch (IllegalArgumentException senseless) {
            throw new Refusal(senseless.getMessage());
        }
    }

    private AuthorizationOptions authorization() throws IOException {
        if (authorizationConfig != null) {
            if (modes != null || policyFile != null || authorizationWebhook != null) {
                throw new IllegalArgumentException(
                        "--authorization-config can not be specified when --authorization-mode or"
                                + " --authorization-webhook-* flags are defined");
            }
            return AuthorizationFile.read(authorizationConfig);
        }
        return new AuthorizationOptions(
                modes == null ? AuthorizationOptions.DEFAULT.modes() : AuthorizationOptions.modes(modes),
                Optional.ofNullable(policyFile),
                Optional.ofNullable(authorizationWebhook),
                version(authorizationWebhookVersion),
                duration(allowedTtl),
                duration(refusedTtl));
    }

    private AuthenticationOptions authentication() throws IOException {
        if (authenticationConfig != null && oidcIssuer != null) {
            throw new IllegalArgumentException("authentication-config file and oidc-* flags are mutually exclusive");
        }
        var file = authenticationConfig == null
                ? new AuthenticationFile(oidc(), Optional.empty())
                : AuthenticationFile.read(authenticationConfig);
        if (file.anonymous().isPresent() && anonymous != null) {
            throw new IllegalArgumentException(
                    "--anonymous-auth flag cannot be set when anonymous field is configured in authentication"
                            + " configuration file");
        }
        boolean strangers = anonymous == null || anonymous;
        return new AuthenticationOptions(
                file.anonymous().orElseGet(() -> new Anonymous(strangers, Set.of())),
                new ServiceAccountOptions(
                        issuers,
                        audiences,
                        Optional.ofNullable(longestToken).map(AccessFlags::duration),
                        extend,
                        Optional.ofNullable(keysUri)),
                Optional.ofNullable(tokenFile),
                Optional.ofNullable(passwordFile),
                bootstrapTokens,
                proxyNames,
                file.issuers(),
                Optional.ofNullable(authenticationConfig),
                Optional.ofNullable(tokenWebhook)
                        .map(kubeconfig -> new AuthenticationOptions.TokenWebhook(
                                kubeconfig, version(tokenWebhookVersion), duration(tokenWebhookTtl))));
    }

    private List<JwtIssuer> oidc() throws IOException {
        if (oidcIssuer == null && oidcClient == null) {
            return List.of();
        }
        if (oidcIssuer == null || oidcClient == null) {
            throw new IllegalArgumentException("oidc-issuer-url and oidc-client-id must be specified together");
        }
        var rules = new ArrayList<JwtIssuer.ClaimRule>();
        oidcRequired.forEach((claim, value) -> rules.add(new JwtIssuer.RequiredClaim(claim, value)));
        var mappings = new JwtIssuer.Mappings(
                new JwtIssuer.FromClaim(oidcUsername, usernamePrefix()),
                Optional.ofNullable(oidcGroups).map(claim -> new JwtIssuer.FromClaim(claim, oidcGroupsPrefix)),
                Optional.empty(),
                List.of());
        return List.of(new JwtIssuer(
                oidcIssuer,
                Optional.empty(),
                oidcCa == null ? Optional.empty() : Optional.of(Files.readString(oidcCa)),
                List.of(oidcClient),
                Set.copyOf(oidcAlgorithms),
                rules,
                mappings,
                List.of()));
    }

    private String usernamePrefix() {
        if (oidcUsernamePrefix != null) {
            return oidcUsernamePrefix.equals("-") ? "" : oidcUsernamePrefix;
        }
        return oidcUsername.equals("email") ? "" : oidcIssuer + "#";
    }

    private static Duration duration(String text) {
        return GoDuration.parse(text);
    }

    private static String version(String text) {
        if (!text.equals("v1") && !text.equals("v1beta1")) {
            throw new IllegalArgumentException("a webhook speaks v1 or v1beta1, not " + text);
        }
        return text;
    }
}
