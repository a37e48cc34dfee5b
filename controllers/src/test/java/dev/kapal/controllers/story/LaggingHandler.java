package dev.kapal.controllers.story;

import dev.kapal.base.time.Time;
import dev.kapal.http.Body;
import dev.kapal.http.Duplex;
import dev.kapal.http.Exchange;
import dev.kapal.http.Handler;
import dev.kapal.http.Headers;
import dev.kapal.http.Request;
import dev.kapal.http.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Random;

/// An API server whose watches come late: each frame waits for up to `longest`. Everything else is prompt.
record LaggingHandler(Handler inner, Random random, Duration longest) implements Handler {
    @Override
    public void handle(Exchange exchange) throws Exception {
        inner.handle(exchange.request().target().contains("watch=true") ? new Late(exchange) : exchange);
    }

    private final class Late implements Exchange {
        private final Exchange prompt;

        Late(Exchange prompt) {
            this.prompt = prompt;
        }

        @Override
        public Request request() {
            return prompt.request();
        }

        @Override
        public InputStream input() {
            return prompt.input();
        }

        @Override
        public void respond(Response response) throws IOException {
            prompt.respond(response);
        }

        @Override
        public Body stream(int status, Headers headers) throws IOException {
            var body = prompt.stream(status, headers);
            return new Body() {
                @Override
                public void write(byte[] bytes) throws IOException {
                    try {
                        Time.system().sleep(Duration.ofNanos(random.nextLong(longest.toNanos())));
                    } catch (InterruptedException stop) {
                        Thread.currentThread().interrupt();
                        throw new InterruptedIOException("interrupted");
                    }
                    body.write(bytes);
                }

                @Override
                public void flush() throws IOException {
                    body.flush();
                }

                @Override
                public void close() {
                    body.close();
                }
            };
        }

        @Override
        public Duplex upgrade(String protocol, Headers headers) throws IOException {
            return prompt.upgrade(protocol, headers);
        }

        @Override
        public void onDisconnect(Runnable action) {
            prompt.onDisconnect(action);
        }
    }
}
