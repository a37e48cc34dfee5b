package dev.kapal.apiserver.registry;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;

/// Finds who serves what hangs below an object. What connects to a node (`log`, `exec`, …) is not served here.
final class Subresources {
    private Subresources() {}

    /// Serves one subresource.
    @FunctionalInterface
    interface Subresource {
        void handle(Call call) throws IOException, InterruptedException;
    }

    /// Throws 404 when the resource has no such subresource, 405 when the verb does not fit.
    ///
    /// @param budgets asked only for an eviction
    static Subresource of(Endpoint endpoint, String name, Supplier<Optional<DisruptionBudgets>> budgets) {
        var known = endpoint.resource().served().subresource(name).orElseThrow(ApiException::noSuchResource);
        Subresource served = switch (name) {
            case "status" -> new WholeObject(endpoint);
            case "ephemeralcontainers", "resize", "finalize", "approval" -> new WholeObject(endpoint);
            case "scale" -> new ScaleSubresource(endpoint);
            case "binding" -> new BindingSubresource(endpoint);
            case "rollback" -> new RollbackSubresource(endpoint);
            case "eviction" -> new EvictionSubresource(endpoint, budgets.get());
            default -> throw ApiException.noSuchResource();
        };
        return call -> {
            if (!known.verbs().contains(call.info().verb())) {
                throw ApiException.methodNotAllowed();
            }
            served.handle(call);
        };
    }

    /// A subresource whose body is the whole object, of which it may change a part: the strategy knows which.
    private record WholeObject(Endpoint endpoint) implements Subresource {
        @Override
        public void handle(Call call) throws IOException, InterruptedException {
            switch (call.info().verb()) {
                case "get" -> endpoint.get(call);
                case "update" -> endpoint.update(call);
                case "patch" -> endpoint.patch(call);
                default -> throw ApiException.methodNotAllowed();
            }
        }
    }
}
