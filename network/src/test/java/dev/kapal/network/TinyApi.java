package dev.kapal.network;

import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.client.Clients;
import dev.kapal.client.Informers;
import dev.kapal.client.Key;
import dev.kapal.client.Kind;
import dev.kapal.http.Exchange;
import dev.kapal.http.Handler;
import dev.kapal.http.Headers;
import dev.kapal.http.Response;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// An API server of one class: collections in memory, lists, watches, creation. What a test puts in, watches tell.
public final class TinyApi implements Handler {
    private static final Headers JSON = Headers.of("Content-Type", "application/json");

    private record Event(long revision, String collection, String frame) {}

    private final KubernetesSerialization json = new KubernetesSerialization();
    /// Guarded by this, as all below: collection → name → JSON.
    private final Map<String, Map<String, String>> objects = new TreeMap<>();

    private final List<Event> events = new ArrayList<>();
    private long revision = 1;

    public KubernetesClient client() {
        return Clients.inProcess(this, "tester", List.of());
    }

    public static Informers informers(KubernetesClient client) {
        return new Informers(client, Time.system(), new Metrics());
    }

    public void put(HasMetadata object) {
        change(object, "MODIFIED");
    }

    public void remove(HasMetadata object) {
        change(object, "DELETED");
    }

    private synchronized void change(HasMetadata object, String type) {
        revision++;
        object.getMetadata().setResourceVersion(Long.toString(revision));
        var text = json.asJson(object);
        var kind = Kind.of(object.getClass());
        var here = objects.computeIfAbsent(kind.everywhere(), path -> new TreeMap<>());
        if (type.equals("DELETED")) {
            here.remove(Key.of(object).toString());
        } else {
            here.put(Key.of(object).toString(), text);
        }
        var frame = "{\"type\":\"" + type + "\",\"object\":" + text + "}\n";
        events.add(new Event(revision, kind.everywhere(), frame));
        notifyAll();
    }

    @Override
    public void handle(Exchange exchange) throws IOException, InterruptedException {
        var request = exchange.request();
        if (request.method().equals("POST")) {
            var object = json.unmarshal(new String(request.body(), StandardCharsets.UTF_8), HasMetadata.class);
            put(object);
            respond(exchange, 201, json.asJson(object));
        } else if (request.firstQuery("watch").isPresent()) {
            watch(exchange, Long.parseLong(request.firstQuery("resourceVersion").orElse("0")));
        } else {
            read(exchange, request.path());
        }
    }

    private void read(Exchange exchange, String path) throws IOException {
        String answer;
        synchronized (this) {
            int inNamespace = path.indexOf("/namespaces/");
            if (inNamespace >= 0) {
                var parts = path.substring(inNamespace + 1).split("/");
                var here = objects.getOrDefault(path.substring(0, inNamespace) + "/" + parts[2], Map.of());
                answer = here.get(parts[1] + "/" + parts[3]);
            } else {
                var items =
                        String.join(",", objects.getOrDefault(path, Map.of()).values());
                answer = "{\"metadata\":{\"resourceVersion\":\"" + revision + "\"},\"items\":[" + items + "]}";
            }
        }
        if (answer == null) {
            respond(exchange, 404, "{\"kind\":\"Status\",\"code\":404,\"reason\":\"NotFound\"}");
        } else {
            respond(exchange, 200, answer);
        }
    }

    private static void respond(Exchange exchange, int status, String body) throws IOException {
        exchange.respond(new Response(status, JSON, List.of(body.getBytes(StandardCharsets.UTF_8))));
    }

    private void watch(Exchange exchange, long after) throws IOException, InterruptedException {
        var collection = exchange.request().path();
        try (var body = exchange.stream(200, JSON)) {
            body.flush();
            int next = 0;
            while (true) {
                Event event;
                synchronized (this) {
                    while (next >= events.size()) {
                        wait();
                    }
                    event = events.get(next++);
                }
                if (event.revision() > after && event.collection().equals(collection)) {
                    body.write(event.frame().getBytes(StandardCharsets.UTF_8));
                    body.flush();
                }
            }
        }
    }
}
