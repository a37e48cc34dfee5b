package dev.kapal.apiserver.authz;

import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;
import dev.kapal.model.codec.GoText;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Authorizers in the order in which they were configured: the first that has an opinion decides. Any thread.
final class AuthorizerChain implements Authorizer {
    private final List<Authorizer> authorizers;

    AuthorizerChain(List<Authorizer> authorizers) {
        this.authorizers = List.copyOf(authorizers);
    }

    @Override
    public Decision decide(User user, RequestInfo info) throws InterruptedException {
        List<String> reasons = List.of();
        Set<String> errors = Set.of();
        for (var authorizer : authorizers) {
            var decision = authorizer.decide(user, info);
            if (decision.verdict() != Verdict.NO_OPINION) {
                return decision;
            }
            if (!decision.reason().isEmpty()) {
                reasons = reasons.isEmpty() ? new ArrayList<>(4) : reasons;
                reasons.add(decision.reason());
            }
            if (!decision.error().isEmpty()) {
                errors = errors.isEmpty() ? new LinkedHashSet<>() : errors;
                errors.add(decision.error());
            }
        }
        return new Decision(Verdict.NO_OPINION, String.join("\n", reasons), GoText.aggregate(errors));
    }

    @Override
    public Rules rules(User user, String namespace) throws InterruptedException {
        var all = Rules.NONE;
        for (var authorizer : authorizers) {
            all = all.and(authorizer.rules(user, namespace));
        }
        return all;
    }
}
