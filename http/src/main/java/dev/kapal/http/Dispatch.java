package dev.kapal.http;

import dev.kapal.base.life.Life;
import dev.kapal.base.log.SparseLog;
import dev.kapal.base.time.Time;

/// What every connection of a server shares. Immutable; any thread.
///
/// @param inFlight requests that wait for their answer
/// @param streams those whose answer goes on
/// @param bodies what is held of requests that are still on their way
/// @param peers what is said about clients that break the rules
record Dispatch(
        HttpServer.Config config,
        Handler handler,
        Life life,
        InFlight inFlight,
        InFlight streams,
        BodyBudget bodies,
        SparseLog peers,
        Time time) {

    /// Runs the handler on a virtual thread.
    void run(ServerExchange exchange) {
        inFlight.begin();
        try {
            life.spawn("request", () -> exchange.run(handler));
        } catch (IllegalStateException closed) {
            exchange.abandon();
        }
    }
}
