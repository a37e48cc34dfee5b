package dev.kapal.apiserver.edge;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;
import dev.kapal.apiserver.audit.AuditIds;
import dev.kapal.apiserver.authn.Authenticator;
import dev.kapal.apiserver.authz.Authorizer;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.http.Exchange;
import dev.kapal.http.Handler;
import dev.kapal.model.ResourceRegistry;
import java.util.List;
import java.util.random.RandomGenerator;

/// The API server as one handler: reads what a request asks for and sends it through the filters. Any thread.
public final class Edge implements Handler {
    private static final User NOBODY_YET = User.of("");

    private final Filter.Next first;

    private Edge(Filter.Next first) {
        this.first = first;
    }

    /// Builds the chain. The order matters and is upstream's; each line says why a filter stands where it stands.
    public static Edge of(
            Authenticator authenticator,
            Authorizer authorizer,
            Router router,
            ResourceRegistry registry,
            Metrics metrics,
            Time time,
            RandomGenerator random) {
        return new Edge(chain(
                List.of(
                        new Measuring(registry, metrics, time), // outermost: counts what the others refuse, too
                        new Refusing(), // whatever is thrown further in becomes a Status
                        new AuditIds(random), // before anybody can refuse, so that every answer can be found again
                        new Authenticating(authenticator), // all that follows asks who it is
                        new Impersonating(authorizer), // the rest sees only the user who is acted for
                        new MaxInFlight(metrics), // after authentication: strangers cannot take the places of users
                        new Authorizing(authorizer)), // last: nothing behind it asks again
                router::route));
    }

    private static Filter.Next chain(List<Filter> filters, Filter.Next last) {
        var next = last;
        for (var filter : filters.reversed()) {
            var rest = next;
            next = call -> filter.apply(call, rest);
        }
        return next;
    }

    @Override
    public void handle(Exchange exchange) throws Exception {
        var observed = new ObservedExchange(exchange);
        RequestInfo info;
        try {
            info = RequestInfo.of(exchange.request());
        } catch (ApiException senseless) {
            Refusing.answer(observed, senseless.status());
            return;
        }
        first.handle(new Call(info, NOBODY_YET, observed));
    }
}
