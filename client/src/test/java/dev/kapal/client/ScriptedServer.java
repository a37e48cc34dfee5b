package dev.kapal.client;

import dev.kapal.http.Body;
import dev.kapal.http.Exchange;
import dev.kapal.http.Handler;
import dev.kapal.http.Headers;
import dev.kapal.http.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// An API server whose every answer the test gives by hand: requests come out of [#next], in order.
final class ScriptedServer implements Handler {
    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();

    /// One request that waits for its answer.
    record Call(Exchange exchange, BlockingQueue<Step> steps) {
        String target() {
            return exchange.request().target();
        }

        String method() {
            return exchange.request().method();
        }

        String body() {
            return new String(exchange.request().body(), StandardCharsets.UTF_8);
        }

        void answer(int status, String json) {
            steps.add(new Step(status, json));
        }

        /// Sends one frame of an endless answer.
        void frame(String json) {
            steps.add(new Step(200, json + "\n"));
        }

        void end() {
            steps.add(new Step(0, ""));
        }
    }

    private record Step(int status, String text) {}

    Call next() throws InterruptedException {
        return calls.take();
    }

    @Override
    public void handle(Exchange exchange) throws Exception {
        var call = new Call(exchange, new LinkedBlockingQueue<>());
        calls.add(call);
        if (exchange.request().target().contains("watch=true")) {
            stream(exchange, call);
            return;
        }
        var step = call.steps.take();
        exchange.respond(new Response(step.status(), JSON, List.of(step.text().getBytes(StandardCharsets.UTF_8))));
    }

    private static final Headers JSON = Headers.of("Content-Type", "application/json");

    private static void stream(Exchange exchange, Call call) throws IOException, InterruptedException {
        try (Body body = exchange.stream(200, JSON)) {
            body.flush();
            for (var step = call.steps.take(); step.status() != 0; step = call.steps.take()) {
                body.write(step.text().getBytes(StandardCharsets.UTF_8));
                body.flush();
            }
        }
    }
}
