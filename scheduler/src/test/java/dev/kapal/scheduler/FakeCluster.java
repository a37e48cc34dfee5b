package dev.kapal.scheduler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kapal.http.Exchange;
import dev.kapal.http.Handler;
import dev.kapal.http.Headers;
import dev.kapal.http.Response;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/// As much of an API server as a scheduler needs: lists, watches, bindings, pod status, events. Any thread.
final class FakeCluster implements Handler {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Headers HEADERS = Headers.of("Content-Type", "application/json");

    // Guarded by this; a change notifies.
    private final Map<String, ObjectNode> objects = new LinkedHashMap<>();
    private final List<Frame> frames = new ArrayList<>();
    private long revision;

    private final List<JsonNode> events = new CopyOnWriteArrayList<>();
    /// A binding that it lets through; others are refused with 409.
    private volatile Predicate<String> binds = pod -> true;

    private record Frame(String plural, String type, ObjectNode object) {}

    void refuseBindingsOf(Predicate<String> pods) {
        binds = pods.negate();
    }

    synchronized void put(HasMetadata object) {
        put(path(object), JSON.valueToTree(object));
    }

    synchronized void delete(HasMetadata object) {
        var gone = objects.remove(path(object));
        tell("DELETED", path(object), gone);
    }

    private void put(String path, ObjectNode object) {
        tell(objects.containsKey(path) ? "MODIFIED" : "ADDED", path, object);
        objects.put(path, object);
    }

    private void tell(String type, String path, ObjectNode object) {
        object.withObject("/metadata").put("resourceVersion", Long.toString(++revision));
        frames.add(new Frame(plural(path), type, object.deepCopy()));
        notifyAll();
    }

    /// Blocks until a pod is as wanted, and gives it.
    synchronized JsonNode await(String pod, Predicate<JsonNode> wanted) throws InterruptedException {
        while (true) {
            var now = objects.get("/api/v1/namespaces/default/pods/" + pod);
            if (now != null && wanted.test(now)) {
                return now.deepCopy();
            }
            wait();
        }
    }

    JsonNode awaitNode(String pod) throws InterruptedException {
        return await(pod, now -> !now.at("/spec/nodeName").isMissingNode()).at("/spec/nodeName");
    }

    /// Blocks until there is an event about the pod with this reason, and gives its message.
    synchronized String awaitEvent(String pod, String reason) throws InterruptedException {
        while (true) {
            Optional<JsonNode> found = events.stream()
                    .filter(event -> event.at("/involvedObject/name").asText().equals(pod))
                    .filter(event -> event.path("reason").asText().equals(reason))
                    .findFirst();
            if (found.isPresent()) {
                return found.get().path("message").asText();
            }
            wait();
        }
    }

    @Override
    public void handle(Exchange exchange) throws Exception {
        var request = exchange.request();
        String path = request.path();
        switch (request.method()) {
            case "GET" -> {
                if (request.target().contains("watch=true")) {
                    watch(exchange, plural(path));
                } else {
                    respond(exchange, 200, list(plural(path)));
                }
            }
            case "POST" -> respond(exchange, 201, post(path, (ObjectNode) JSON.readTree(request.body())));
            case "PATCH" -> respond(exchange, 200, patch(path, JSON.readTree(request.body())));
            default -> respond(exchange, 405, JSON.createObjectNode());
        }
    }

    private synchronized ObjectNode list(String plural) {
        var list = JSON.createObjectNode();
        list.putObject("metadata").put("resourceVersion", Long.toString(revision));
        var items = list.putArray("items");
        objects.forEach((path, object) -> {
            if (plural(path).equals(plural)) {
                items.add(object.deepCopy());
            }
        });
        return list;
    }

    private void watch(Exchange exchange, String plural) throws IOException, InterruptedException {
        long from = Long.parseLong(exchange.request().query("resourceVersion").getFirst());
        try (var body = exchange.stream(200, HEADERS)) {
            body.flush();
            for (int next = (int) from; ; next++) {
                var frame = frame(next);
                if (frame.plural().equals(plural)) {
                    var json = JSON.createObjectNode().put("type", frame.type());
                    json.set("object", frame.object());
                    body.write((json + "\n").getBytes(StandardCharsets.UTF_8));
                    body.flush();
                }
            }
        }
    }

    private synchronized Frame frame(int number) throws InterruptedException {
        while (frames.size() <= number) {
            wait();
        }
        return frames.get(number);
    }

    private synchronized ObjectNode post(String path, ObjectNode body) {
        if (path.endsWith("/events")) {
            events.add(body);
            notifyAll();
            return body;
        }
        String pod = path.substring(0, path.length() - "/binding".length());
        String name = pod.substring(pod.lastIndexOf('/') + 1);
        if (!binds.test(name)) {
            return JSON.createObjectNode()
                    .put("kind", "Status")
                    .put("code", 409)
                    .put("message", "pod " + name + " is already assigned to node \"other\"");
        }
        var bound = objects.get(pod).deepCopy();
        bound.withObject("/spec").put("nodeName", body.at("/target/name").asText());
        put(pod, bound);
        return JSON.createObjectNode().put("kind", "Status").put("code", 201);
    }

    private synchronized ObjectNode patch(String path, JsonNode patch) {
        if (path.contains("/events/")) {
            return JSON.createObjectNode();
        }
        String pod = path.substring(0, path.length() - "/status".length());
        var patched = objects.get(pod).deepCopy();
        patched.withObject("/status").set("conditions", patch.at("/status/conditions"));
        put(pod, patched);
        return patched;
    }

    private static void respond(Exchange exchange, int status, ObjectNode body) throws IOException {
        int code = body.path("code").asInt(status);
        exchange.respond(new Response(code, HEADERS, List.of(body.toString().getBytes(StandardCharsets.UTF_8))));
    }

    private static String path(HasMetadata object) {
        var metadata = object.getMetadata();
        return metadata.getNamespace() == null
                ? "/api/v1/" + object.getPlural() + "/" + metadata.getName()
                : "/api/v1/namespaces/" + metadata.getNamespace() + "/" + object.getPlural() + "/" + metadata.getName();
    }

    private static String plural(String path) {
        return path.contains("/pods") ? "pods" : "nodes";
    }
}
