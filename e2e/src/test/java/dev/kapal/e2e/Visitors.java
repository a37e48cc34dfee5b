package dev.kapal.e2e;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/// Four visitors who call a web address again and again, each time over a new connection, until they are stopped.
final class Visitors implements AutoCloseable {
    private final URI address;
    private final List<Thread> threads;
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> answers = new ConcurrentHashMap<>();
    private volatile boolean stopped;

    private Visitors(URI address) {
        this.address = address;
        this.threads = IntStream.range(0, 4)
                .mapToObj(i -> Thread.ofPlatform().start(this::visit))
                .toList();
    }

    static Visitors call(String address) {
        return new Visitors(URI.create(address));
    }

    private void visit() {
        while (!stopped) {
            try {
                String body = get(address);
                answers.merge(body.split(" ")[0], 1, Integer::sum);
                TimeUnit.MILLISECONDS.sleep(10);
            } catch (IOException failure) {
                failures.add(failure.toString());
            } catch (InterruptedException stop) {
                return;
            }
        }
    }

    /// One visit over a new connection.
    static String get(URI address) throws IOException, InterruptedException {
        try (var http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build()) {
            var answer = http.send(
                    HttpRequest.newBuilder(address)
                            .timeout(Duration.ofSeconds(10))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException("status " + answer.statusCode());
            }
            return answer.body();
        }
    }

    /// How often each version answered so far.
    Map<String, Integer> answers() {
        return answers;
    }

    /// What went wrong, once everybody has gone home.
    List<String> stop() throws InterruptedException {
        close();
        return failures;
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        for (var thread : threads) {
            thread.join();
        }
    }
}
