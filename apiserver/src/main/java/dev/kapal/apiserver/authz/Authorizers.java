package dev.kapal.apiserver.authz;

import dev.kapal.apiserver.authz.AuthorizationOptions.Configured;
import dev.kapal.apiserver.authz.AuthorizationOptions.Hook;
import dev.kapal.apiserver.authz.AuthorizationOptions.Mode;
import dev.kapal.apiserver.authz.AuthorizationOptions.Plain;
import dev.kapal.apiserver.authz.Authorizer.Verdict;
import dev.kapal.apiserver.authz.node.NodeAuthorizer;
import dev.kapal.apiserver.reload.ReloadMetrics;
import dev.kapal.apiserver.reload.ReloadedFile;
import dev.kapal.apiserver.remote.Webhook;
import dev.kapal.base.life.Life;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/// Puts the chain of authorizers together, out of those that every server has once and those that a chain has for
/// itself.
public final class Authorizers {
    private final Authorizer rbac;
    private final Supplier<NodeAuthorizer> node;
    private final Time time;

    /// @param rbac the one that decides by roles
    /// @param node made when it is first asked for
    public Authorizers(Authorizer rbac, Supplier<NodeAuthorizer> node, Time time) {
        this.rbac = rbac;
        this.node = node;
        this.time = time;
    }

    /// A chain that follows the file of the options when that changes.
    ///
    /// @param life what is to be closed at the end joins it
    /// @throws IOException when a file cannot be read
    /// @throws IllegalArgumentException when a file makes no sense; its message is for the user
    public Authorizer chain(AuthorizationOptions options, Metrics metrics, Life life) throws IOException {
        if (options.configFile().isEmpty()) {
            return inOrder(options, metrics, life);
        }
        var file = options.configFile().get();
        return new ReloadedAuthorizer(life.own(ReloadedFile.of(
                file,
                own -> inOrder(AuthorizationFile.read(file), metrics, own),
                new ReloadMetrics("authorization", metrics, time))));
    }

    private Authorizer inOrder(AuthorizationOptions options, Metrics metrics, Life life) throws IOException {
        var chain = new ArrayList<Authorizer>();
        chain.add(new Masters());
        for (var one : steps(options)) {
            chain.add(
                    switch (one) {
                        case Plain(Mode mode) -> {
                            var type = mode.word();
                            yield new MeasuredAuthorizer(
                                    type, type.toLowerCase(Locale.ROOT), plain(mode, options, life), metrics);
                        }
                        case Hook hook ->
                            new MeasuredAuthorizer("Webhook", hook.name(), life.own(webhook(hook, time)), metrics);
                    });
        }
        return new AuthorizerChain(chain);
    }

    private Authorizer plain(Mode mode, AuthorizationOptions options, Life life) throws IOException {
        return switch (mode) {
            case NODE -> node.get();
            case RBAC -> rbac;
            case ABAC -> AbacPolicy.read(options.policyFile().orElseThrow());
            case WEBHOOK -> life.own(webhook(options, time));
            case ALWAYS_ALLOW -> new AlwaysAllow();
            case ALWAYS_DENY -> new AlwaysDeny();
        };
    }

    private static List<Configured> steps(AuthorizationOptions options) {
        return options.configured().isEmpty()
                ? options.modes().stream().<Configured>map(Plain::new).toList()
                : options.configured();
    }

    private static WebhookAuthorizer webhook(Hook hook, Time time) throws IOException {
        var how = new WebhookAuthorizer.Options(
                hook.version(),
                hook.allowedTtl(),
                hook.refusedTtl(),
                hook.denies() ? Verdict.DENY : Verdict.NO_OPINION,
                ReviewConditions.of(hook.conditions()));
        return new WebhookAuthorizer(Webhook.of(hook.kubeconfig(), hook.timeout(), time), how, time);
    }

    private static WebhookAuthorizer webhook(AuthorizationOptions options, Time time) throws IOException {
        var webhook = Webhook.of(options.webhookFile().orElseThrow(), Webhook.USUAL_LIMIT, time);
        var how = new WebhookAuthorizer.Options(
                options.webhookVersion(),
                options.allowedTtl(),
                options.refusedTtl(),
                Verdict.NO_OPINION,
                ReviewConditions.NONE);
        return new WebhookAuthorizer(webhook, how, time);
    }
}
