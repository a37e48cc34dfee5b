package dev.kapal.apiserver.edge;

import dev.kapal.apiserver.api.Call;
import java.util.random.RandomGenerator;

/// Asks some HTTP/2 clients, by chance, to open another connection for what comes, so that a load balancer can spread
/// clients that would stay where they are for ever. What is under way goes on. Any thread. Source: `--goaway-chance`.
final class GoingAway implements Filter {
    private final double chance;
    private final RandomGenerator random;

    GoingAway(double chance, RandomGenerator random) {
        this.chance = chance;
        this.random = random;
    }

    @Override
    public void apply(Call call, Next next) throws Exception {
        if (call.request().protocol().equals("HTTP/2.0") && random.nextDouble() < chance) {
            ((ObservedExchange) call.exchange()).add("Connection", "close");
        }
        next.handle(call);
    }
}
