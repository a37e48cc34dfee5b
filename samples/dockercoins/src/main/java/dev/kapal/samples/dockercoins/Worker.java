package dev.kapal.samples.dockercoins;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/// Mines coins: fetch random bytes, have them hashed, count. A hash that begins with `0` is a coin.
///
/// The services are found by their names: `rng`, `hasher` and `redis`, unless `RNG`, `HASHER` or `REDIS` say otherwise.
/// When one of them fails, the worker says so, waits, and begins again.
public final class Worker {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final URI rng;
    private final URI hasher;
    private final String redis;

    Worker(String rng, String hasher, String redis) {
        this.rng = URI.create("http://" + rng + "/32");
        this.hasher = URI.create("http://" + hasher + "/");
        this.redis = redis;
    }

    public static void main(String[] args) throws InterruptedException {
        var worker = new Worker(name("RNG", "rng"), name("HASHER", "hasher"), name("REDIS", "redis"));
        while (true) {
            try {
                worker.work();
            } catch (IOException failure) {
                System.out.println("Waiting 10s and restarting: " + failure);
                Thread.sleep(10_000);
            }
        }
    }

    private void work() throws IOException, InterruptedException {
        try (var counters = Redis.connect(redis)) {
            long units = 0;
            long reportAt = System.nanoTime() + 1_000_000_000L;
            while (true) {
                unit(counters);
                units++;
                if (System.nanoTime() >= reportAt) {
                    System.out.println(units + " units of work done, updating hash counter");
                    counters.number("INCRBY", "hashes", Long.toString(units));
                    units = 0;
                    reportAt = System.nanoTime() + 1_000_000_000L;
                }
            }
        }
    }

    /// One unit of work; true when it found a coin.
    boolean unit(Redis counters) throws IOException, InterruptedException {
        Thread.sleep(100);
        byte[] bytes = call(HttpRequest.newBuilder(rng).GET());
        String hash = new String(
                call(HttpRequest.newBuilder(hasher)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(bytes))
                        .header("Content-Type", "application/octet-stream")),
                StandardCharsets.US_ASCII);
        if (!hash.startsWith("0")) {
            return false;
        }
        System.out.println("Coin found: " + hash.substring(0, 8) + "...");
        counters.call("HSET", "wallet", hash, Base64.getEncoder().encodeToString(bytes));
        return true;
    }

    private byte[] call(HttpRequest.Builder request) throws IOException, InterruptedException {
        var answer = http.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException(answer.uri() + " answered " + answer.statusCode());
        }
        return answer.body();
    }

    private static String name(String variable, String usual) {
        String name = System.getenv(variable);
        return name == null ? usual : name;
    }
}
