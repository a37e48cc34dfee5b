package dev.kapal.apiserver.edge;

import dev.kapal.apiserver.api.Call;
import dev.kapal.http.Response;

/// Tells browsers to come back over TLS only, and which pages' scripts may call the server. A browser asks for the
/// latter before it sends credentials. Any thread.
///
/// Source: `--strict-transport-security-directives`, `--cors-allowed-origins`.
final class Browsers implements Filter {
    private final BrowserRules rules;

    Browsers(BrowserRules rules) {
        this.rules = rules;
    }

    @Override
    public void apply(Call call, Next next) throws Exception {
        var exchange = (ObservedExchange) call.exchange();
        if (!rules.transportSecurity().isEmpty()) {
            exchange.add("Strict-Transport-Security", String.join("; ", rules.transportSecurity()));
        }
        var origin = call.request().header("Origin").orElse("");
        if (origin.isEmpty()
                || rules.origins().stream().noneMatch(o -> o.matcher(origin).find())) {
            next.handle(call);
            return;
        }
        exchange.add("Access-Control-Allow-Origin", origin);
        exchange.add("Access-Control-Allow-Methods", "POST, GET, OPTIONS, PUT, DELETE, PATCH");
        exchange.add(
                "Access-Control-Allow-Headers",
                "Content-Type, Content-Length, Accept-Encoding, X-CSRF-Token, Authorization, X-Requested-With,"
                        + " If-Modified-Since");
        exchange.add("Access-Control-Expose-Headers", "Date");
        exchange.add("Access-Control-Allow-Credentials", "true");
        if (call.request().method().equals("OPTIONS")) {
            exchange.respond(Response.empty(204));
        } else {
            next.handle(call);
        }
    }
}
