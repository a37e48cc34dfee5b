package dev.kapal.apiserver.edge;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.api.User;
import dev.kapal.apiserver.audit.AuditIds;
import dev.kapal.apiserver.audit.Auditing;
import dev.kapal.apiserver.authn.Authenticator;
import dev.kapal.apiserver.authz.Authorizer;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.http.Exchange;
import dev.kapal.http.Handler;
import dev.kapal.model.ResourceRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// The API server as one handler: reads what a request asks for and sends it through the filters. Any thread.
public final class Edge implements Handler {
    private static final User NOBODY_YET = User.of("");

    private final Filter.Next first;
    private final Time time;

    private Edge(Filter.Next first, Time time) {
        this.first = first;
        this.time = time;
    }

    /// Builds the chain. The order matters and is upstream's; each line says why a filter stands where it stands.
    ///
    /// @param ending what sends everybody away once the server ends
    /// @param goawayChance how often a client on HTTP/2 is asked to open another connection
    /// @param browsers what is said to browsers
    /// @param deadlines what breaks off requests that take too long
    /// @param flood what holds back requests when there are too many
    public static Edge of(
            Authenticator authenticator,
            Authorizer authorizer,
            Router router,
            Optional<Auditing> auditing,
            ShuttingDown ending,
            double goawayChance,
            BrowserRules browsers,
            Deadlines deadlines,
            Filter flood,
            ResourceRegistry registry,
            Metrics metrics,
            Time time,
            RandomGenerator random) {
        var access = new AccessMetrics(metrics, time);
        var filters = new ArrayList<Filter>();
        filters.add(new Measuring(registry, metrics, time)); // outermost: counts what the others refuse, too
        filters.add(new Refusing()); // whatever is thrown further in becomes a Status
        filters.add(new AuditIds(random)); // before anybody can refuse, so that every answer can be found again
        if (goawayChance > 0) {
            filters.add(new GoingAway(goawayChance, random)); // before anybody answers
        }
        filters.add(ending); // before anything is done that is not needed for it
        if (!browsers.equals(BrowserRules.NONE)) {
            filters.add(new Browsers(browsers)); // before authentication: browsers ask without credentials first
        }
        auditing.ifPresent(audit -> filters.add(audit.refused())); // around authentication: to see whom it refuses
        filters.add(new Authenticating(authenticator, access)); // all that follows asks who it is
        auditing.ifPresent(filters::add); // as soon as that is known, and before anybody may act as another
        filters.add(new Impersonating(authorizer)); // the rest sees only the user who is acted for
        filters.add(deadlines); // before a request waits: waiting counts
        filters.add(flood); // after authentication: strangers cannot take the places of users
        filters.add(new Authorizing(authorizer, access)); // last: nothing behind it asks again
        return new Edge(chain(filters, router::route), time);
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
        var observed = new ObservedExchange(exchange, time.instant());
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
