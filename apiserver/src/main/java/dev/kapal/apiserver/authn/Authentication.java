package dev.kapal.apiserver.authn;

import dev.kapal.apiserver.authn.oidc.AuthenticationFile;
import dev.kapal.apiserver.authn.oidc.Issuers;
import dev.kapal.apiserver.reload.ReloadMetrics;
import dev.kapal.apiserver.reload.ReloadedFile;
import dev.kapal.apiserver.remote.Webhook;
import dev.kapal.base.life.Life;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.pki.TrustRoots;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Authentication of one server, put together from its options. Any thread.
public final class Authentication {
    private final Authenticator authenticator;
    private final TokenAuthenticator tokens;
    private final List<String> audiences;

    private Authentication(Authenticator authenticator, TokenAuthenticator tokens, List<String> audiences) {
        this.authenticator = authenticator;
        this.tokens = tokens;
        this.audiences = audiences;
    }

    /// Where authentication reads, and writes one label.
    ///
    /// @param roots whose client certificates name users
    /// @param proxyRoots whose client certificates make a front proxy
    public record Surroundings(
            TrustRoots roots,
            Supplier<TrustRoots> proxyRoots,
            ServiceAccountTokens tokens,
            ObjectReader objects,
            LegacyTokenUse uses,
            Metrics metrics,
            Time time) {}

    /// Notes the use of a token on its Secret.
    @FunctionalInterface
    public interface LegacyTokenUse {
        void label(String namespace, String secret, String label, String value) throws InterruptedException;
    }

    /// @throws IOException when a file cannot be read
    /// @throws IllegalArgumentException when a file makes no sense; its message is for the user
    /// @param life what is to be closed at the end joins it
    public static Authentication of(AuthenticationOptions options, Surroundings around, Life life) throws IOException {
        var own = options.accounts().audiences();
        var ways = new ArrayList<TokenAuthenticator>();
        if (options.tokenFile().isPresent()) {
            ways.add(new OwnAudience(
                    new StaticTokens(UserFile.read(options.tokenFile().get())), own));
        }
        ways.add(new BoundTokens(around.tokens(), around.objects(), around.time()));
        ways.add(new OwnAudience(
                new LegacyTokens(around.tokens(), around.objects(), around.uses()::label, around.time()), own));
        if (options.bootstrapTokens()) {
            ways.add(new OwnAudience(new BootstrapTokens(around.objects(), around.time()), own));
        }
        ways.add(new OwnAudience(issuers(options, around, life), own));
        if (options.webhook().isPresent()) {
            var how = options.webhook().get();
            var webhook = Webhook.of(how.kubeconfig(), Webhook.USUAL_LIMIT, around.time());
            ways.add(life.own(new WebhookTokens(webhook, how.version(), how.ttl(), own, around.time())));
        }
        Optional<Passwords> passwords = options.passwordFile().isEmpty()
                ? Optional.empty()
                : Optional.of(new Passwords(UserFile.read(options.passwordFile().get())));
        var tokens = new TokenChain(ways);
        var credentials = new Credentials(
                new FrontProxy(around.proxyRoots(), options.proxyNames(), around.time()),
                new ClientCertificates(around.roots(), around.metrics(), around.time()),
                passwords,
                tokens,
                own,
                options.anonymous());
        return new Authentication(credentials, tokens, own);
    }

    private static TokenAuthenticator issuers(AuthenticationOptions options, Surroundings around, Life life)
            throws IOException {
        if (options.issuersFile().isEmpty()) {
            return Issuers.of(options.issuers(), around.time(), life);
        }
        var file = options.issuersFile().get();
        var issuers = life.own(ReloadedFile.of(
                file,
                own -> Issuers.of(
                        options.with(AuthenticationFile.read(file).issuers()).issuers(), around.time(), own),
                new ReloadMetrics("authentication", around.metrics(), around.time())));
        return (token, audiences) -> issuers.get().check(token, audiences);
    }

    public Authenticator authenticator() {
        return authenticator;
    }

    /// Whose token this is, for token reviews.
    ///
    /// @param audiences whom it must be meant for; empty for this server
    public TokenVerdict review(String token, List<String> wanted) throws InterruptedException {
        var checked = wanted.isEmpty() ? audiences : wanted;
        return switch (tokens.check(token, checked)) {
            case TokenAuthenticator.Valid valid ->
                new TokenVerdict(Optional.of(Credentials.member(valid.user())), valid.audiences(), "");
            case TokenAuthenticator.Bad bad -> new TokenVerdict(Optional.empty(), List.of(), bad.why());
            case TokenAuthenticator.NotMine unknown ->
                new TokenVerdict(Optional.empty(), List.of(), "invalid bearer token");
        };
    }
}
