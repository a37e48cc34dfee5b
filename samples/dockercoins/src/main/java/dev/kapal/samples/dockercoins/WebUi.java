package dev.kapal.samples.dockercoins;

import java.io.IOException;
import java.io.UncheckedIOException;

/// The web page: `GET /json` says how many hashes and coins there are, `GET /` draws the speed.
public final class WebUi {
    private WebUi() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        String redis = System.getenv("REDIS");
        listen(Web.port(80), redis == null ? "redis" : redis).serve();
    }

    static Web listen(int port, String redis) throws IOException {
        byte[] page = page();
        return Web.listen(port)
                .page("/json", "application/json", request -> counters(redis))
                .page("/", "text/html; charset=utf-8", request -> {
                    if (!request.getRequestURI().getPath().matches("/(index\\.html)?")) {
                        throw new Web.NotFound();
                    }
                    return page;
                })
                .start();
    }

    private static byte[] counters(String address) throws IOException {
        try (var redis = Redis.connect(address)) {
            long coins = redis.number("HLEN", "wallet");
            long hashes = redis.number("GET", "hashes");
            double now = System.currentTimeMillis() / 1000.0;
            return Web.text("{\"coins\":%d,\"hashes\":%d,\"now\":%.3f}".formatted(coins, hashes, now));
        }
    }

    private static byte[] page() {
        try (var in = WebUi.class.getResourceAsStream("index.html")) {
            return in.readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
