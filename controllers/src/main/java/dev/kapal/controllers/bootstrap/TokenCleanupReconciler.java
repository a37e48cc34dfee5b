package dev.kapal.controllers.bootstrap;

import dev.kapal.client.Api;
import dev.kapal.client.Cache;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.client.Outcome;
import dev.kapal.client.Reconciler;
import dev.kapal.client.Wake;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/// Deletes bootstrap tokens when they expire. Keys are their Secrets.
public final class TokenCleanupReconciler implements Reconciler {
    /// A clock that jumps forward must not keep a token alive.
    private static final Duration LONGEST_NAP = Duration.ofMinutes(1);

    private final Cache<Secret> secrets;
    private final Api api;
    private final InstantSource time;

    public TokenCleanupReconciler(Informers informers, Api api, InstantSource time) {
        this.secrets = informers.withFields(Secret.class, "type=" + Token.TYPE);
        this.api = api;
        this.time = time;
    }

    @Override
    public List<Wake> wakes() {
        return List.of(Wake.own(secrets));
    }

    @Override
    public Outcome reconcile(Key key) throws InterruptedException {
        var token = secrets.find(key)
                .filter(secret -> Token.NAMESPACE.equals(secret.getMetadata().getNamespace()))
                .flatMap(Token::of)
                .filter(one -> one.expires().isPresent());
        if (token.isEmpty()) {
            return Outcome.settled();
        }
        var left = Duration.between(time.instant(), token.get().expires().orElseThrow());
        if (left.isPositive()) {
            return Outcome.again(left.compareTo(LONGEST_NAP) < 0 ? left : LONGEST_NAP, "the token is valid");
        }
        api.delete(Secret.class, key, new DeleteOptions());
        return Outcome.settled();
    }
}
