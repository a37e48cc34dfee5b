package dev.kapal.apiserver.edge;

import dev.kapal.apiserver.api.Call;

/// One step on the way of a request. It passes the call on, changed or not, or throws
/// [dev.kapal.apiserver.api.ApiException]. Runs on the request's thread; must be safe for any number of them.
@FunctionalInterface
public interface Filter {
    void apply(Call call, Next next) throws Exception;

    /// The rest of the way.
    @FunctionalInterface
    interface Next {
        void handle(Call call) throws Exception;
    }
}
