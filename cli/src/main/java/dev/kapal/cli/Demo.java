package dev.kapal.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kapal.base.time.Time;
import dev.kapal.samples.dockercoins.Web;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `kapal demo`: makes the DockerCoins images, runs the application, says where its page is and draws its speed.
@Command(name = "demo", description = "Builds the sample application's images offline and runs it.")
public final class Demo implements Callable<Integer> {
    private static final String NAMESPACE = "dockercoins";
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration WORK_BEGINS = Duration.ofSeconds(30);
    private static final Duration GLANCE = Duration.ofMillis(200);
    private static final int SECONDS_DRAWN = 10;
    /// By one bar.
    private static final int SECONDS_SHOWN = 3;
    private static final int WIDTH = 50;

    @Mixin
    private ClusterOptions cluster;

    private final Time time = Time.system();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    private record Count(long hashes, double at) {
        /// In hashes per second; zero when somebody has reset the counter.
        static double speed(Count from, Count to) {
            return Math.max(0, (to.hashes - from.hashes) / Math.max(0.001, to.at - from.at));
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var data = cluster.data();
        if (ServerProcess.find(data).isEmpty()) {
            throw new Refusal("no cluster runs in %s; start it: ./kapal up".formatted(data.root()));
        }
        System.out.println("making the images …");
        try (var node = NodeRuntime.of(data)) {
            SampleImages.dockercoins(node);
        }
        try (var access = Access.to(data);
                InputStream manifests = Web.class.getResourceAsStream("dockercoins.yaml")) {
            var client = access.client();
            client.load(manifests).items().forEach(item -> client.resource(item).createOr(edit -> edit.patch()));
            System.out.println("starting redis, rng, hasher, webui and worker …");
            awaitAvailable(client);
            URI page = page(client);
            System.out.println("DockerCoins runs: " + page);
            draw(page.resolve("/json"));
        }
        return 0;
    }

    private void awaitAvailable(KubernetesClient client) throws InterruptedException {
        long end = time.nanos() + PATIENCE.toNanos();
        while (true) {
            var waiting = client.apps().deployments().inNamespace(NAMESPACE).list().getItems().stream()
                    .filter(deployment -> deployment.getStatus() == null
                            || deployment.getStatus().getAvailableReplicas() == null
                            || deployment.getStatus().getAvailableReplicas()
                                    < deployment.getSpec().getReplicas())
                    .map(deployment -> deployment.getMetadata().getName())
                    .toList();
            if (waiting.isEmpty()) {
                return;
            }
            if (time.nanos() > end) {
                throw new Refusal("not available after %d s: %s; see why: kubectl -n %s describe pods"
                        .formatted(PATIENCE.toSeconds(), String.join(", ", waiting), NAMESPACE));
            }
            time.sleep(GLANCE);
        }
    }

    private static URI page(KubernetesClient client) {
        int port = client.services()
                .inNamespace(NAMESPACE)
                .withName("webui")
                .get()
                .getSpec()
                .getPorts()
                .getFirst()
                .getNodePort();
        String address = client.nodes().list().getItems().getFirst().getStatus().getAddresses().stream()
                .filter(candidate -> candidate.getType().equals("InternalIP"))
                .map(NodeAddress::getAddress)
                .findFirst()
                .orElse("127.0.0.1");
        return URI.create("http://" + address + ":" + port + "/");
    }

    /// A bar a second, from when the worker counts: it pauses for ten seconds when it was there before redis. It counts
    /// once in a second and a bit, so a bar stands for the last few seconds.
    private void draw(URI json) throws IOException, InterruptedException {
        Count first = awaitWork(json);
        var lately = new ArrayDeque<>(List.of(first));
        for (int i = 0; i < SECONDS_DRAWN; i++) {
            time.sleep(Duration.ofSeconds(1));
            lately.add(awaitCount(json));
            double speed = Count.speed(lately.getFirst(), lately.getLast());
            System.out.println("%6.1f hashes/second %s".formatted(speed, "█".repeat((int)
                            Math.min(WIDTH, Math.round(speed * 4)))));
            if (lately.size() > SECONDS_SHOWN) {
                lately.removeFirst();
            }
        }
        Count last = lately.getLast();
        System.out.println(
                "current speed: %.1f hashes/second, %d hashes so far".formatted(Count.speed(first, last), last.hashes));
    }

    /// Answers at the latest when the worker should long have begun: then there is nothing to see, which is the truth.
    private Count awaitWork(URI json) throws IOException, InterruptedException {
        long end = time.nanos() + WORK_BEGINS.toNanos();
        Count first = awaitCount(json);
        Count now = first;
        while (now.hashes == first.hashes && time.nanos() < end) {
            time.sleep(GLANCE);
            now = awaitCount(json);
        }
        return now;
    }

    private Count awaitCount(URI json) throws IOException, InterruptedException {
        long end = time.nanos() + Duration.ofSeconds(30).toNanos();
        while (true) {
            try {
                var answer = http.send(
                        HttpRequest.newBuilder(json)
                                .timeout(Duration.ofSeconds(5))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() == 200) {
                    JsonNode counted = new ObjectMapper().readTree(answer.body());
                    return new Count(
                            counted.path("hashes").asLong(), counted.path("now").asDouble());
                }
            } catch (IOException notYet) {
                if (time.nanos() > end) {
                    throw notYet;
                }
            }
            if (time.nanos() > end) {
                throw new Refusal("the web page does not answer: " + json);
            }
            time.sleep(GLANCE);
        }
    }
}
