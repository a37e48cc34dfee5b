package dev.kapal.apiserver.api;

import dev.kapal.http.Exchange;
import dev.kapal.http.Request;

/// One request under way: what is asked, who asks, and where the answer goes. Runs on the request's own thread.
///
/// @param permission for what the request leads to besides
public record Call(RequestInfo info, User user, Exchange exchange, Permission permission) {

    public Call(RequestInfo info, User user, Exchange exchange) {
        this(info, user, exchange, Permission.EVERYTHING);
    }

    public Call with(Permission newPermission) {
        return new Call(info, user, exchange, newPermission);
    }

    /// Throws 403 when the user may not do `verb` with the same object.
    public void require(String verb) throws InterruptedException {
        permission.require(info.doing(verb));
    }

    public Request request() {
        return exchange.request();
    }

    public RequestInfo.Query query() {
        return request()::query;
    }
}
