package dev.kapal.apiserver.api;

import dev.kapal.http.Exchange;
import dev.kapal.http.Request;

/// One request under way: what is asked, who asks, and where the answer goes. Runs on the request's own thread.
public record Call(RequestInfo info, User user, Exchange exchange) {

    public Request request() {
        return exchange.request();
    }

    public RequestInfo.Query query() {
        return request()::query;
    }
}
