package dev.kapal.http;

import dev.kapal.base.life.Life;
import java.io.IOException;
import java.io.InputStream;

/// Calls a [Handler] without a socket. Any thread; each call runs on a virtual thread of its own.
public final class InProcess implements AutoCloseable {
    private final Handler handler;
    private final Life life = new Life("in-process");

    public InProcess(Handler handler) {
        this.handler = handler;
    }

    /// An answer whose body may go on without end. Closing it tells the handler that the client has gone.
    ///
    /// @param body blocks until bytes come; -1 at the proper end; `IOException` when the handler broke off
    public record Answer(int status, Headers headers, InputStream body) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            body.close();
        }
    }

    /// Sends the request and waits for the head of the answer.
    ///
    /// @throws IOException when the handler ended without an answer
    public Answer call(Request request) throws IOException, InterruptedException {
        var exchange = new LocalExchange(request);
        life.spawn(request.method(), () -> exchange.run(handler));
        return exchange.answer();
    }

    /// Breaks off all calls.
    @Override
    public void close() {
        life.close();
    }
}
