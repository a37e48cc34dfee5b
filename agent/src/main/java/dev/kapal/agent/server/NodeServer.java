package dev.kapal.agent.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kapal.agent.cri.ContainerRuntime;
import dev.kapal.base.life.Life;
import dev.kapal.base.metric.Metrics;
import dev.kapal.base.time.Time;
import dev.kapal.client.delegated.Reviews;
import dev.kapal.http.Exchange;
import dev.kapal.http.HttpServer;
import dev.kapal.http.Response;
import io.fabric8.kubernetes.api.model.ListMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodListBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/// The node's HTTPS server. Any thread; each request has one of its own.
///
/// Everything but the health check needs a right to the node ([Gate]); most requests come from the API server, which
/// authenticates users and passes their requests on.
///
/// Source: kubelet API, pkg/kubelet/server.
public final class NodeServer implements AutoCloseable {
    /// Upstream's port.
    public static final int PORT = 10250;
    /// The name in the certificate with which the API server comes.
    public static final String API_SERVER = "kube-apiserver-kubelet-client";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final NodePods pods;
    private final Logs logs;
    private final Streams streams;
    private final Summary summary;
    private final Metrics metrics;
    private final Gate gate;
    private final Life life = new Life("node server");
    private HttpServer server;

    private NodeServer(
            NodePods pods, ContainerRuntime runtime, Node node, Optional<Reviews> reviews, Metrics metrics, Time time) {
        this.gate = new Gate(API_SERVER, node.name(), reviews);
        this.pods = pods;
        this.metrics = metrics;
        this.logs = new Logs(runtime, time);
        this.streams = new Streams(runtime, new Tunnel(life));
        this.summary = new Summary(runtime, new NodeUsage(node.name(), node.files(), time));
    }

    /// What the server says of its node.
    ///
    /// @param files a directory on the file system that holds images and volumes
    public record Node(String name, Path files) {}

    /// Listens until closed.
    ///
    /// @param tls must refuse client certificates of foreign authorities
    /// @param reviews where to ask what others than the API server may do; empty refuses them
    /// @throws java.net.BindException when the port is taken
    public static NodeServer start(
            InetSocketAddress address,
            Supplier<SSLContext> tls,
            NodePods pods,
            ContainerRuntime runtime,
            Node node,
            Optional<Reviews> reviews,
            Metrics metrics,
            Time time)
            throws IOException {
        var server = new NodeServer(pods, runtime, node, reviews, metrics, time);
        server.server = HttpServer.start(HttpServer.Config.tls("node-http", address, tls), server::handle);
        return server;
    }

    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
        life.close();
    }

    private void handle(Exchange exchange) throws IOException, InterruptedException {
        try {
            route(exchange);
        } catch (Refusal refusal) {
            exchange.respond(refusal.response());
        }
    }

    private void route(Exchange exchange) throws IOException, InterruptedException {
        var request = exchange.request();
        var path = Arrays.asList(request.path().substring(1).split("/", -1));
        if (path.getFirst().equals("healthz")) {
            exchange.respond(Response.text(200, "ok"));
            return;
        }
        gate.check(request);
        switch (path.getFirst()) {
            case "containerLogs" -> logs.answer(exchange, loggedPod(path), part(path, 3));
            // A UID may stand between the pod and the container.
            case "exec" -> streams.exec(exchange, pod(path), path.getLast());
            case "attach" -> streams.attach(exchange, pod(path), path.getLast());
            case "portForward" -> streams.portForward(exchange, pod(path));
            case "pods" -> exchange.respond(podList());
            case "metrics" -> exchange.respond(metrics(path));
            case "stats" -> exchange.respond(Response.json(200, JSON.writeValueAsBytes(summary.document(pods.pods()))));
            default -> throw Refusal.notFound("404 page not found");
        }
    }

    private Response podList() throws IOException {
        var list = new PodListBuilder().withItems(pods.pods()).build();
        list.setMetadata(new ListMeta());
        return Response.json(200, JSON.writeValueAsBytes(list));
    }

    private Response metrics(List<String> path) throws InterruptedException {
        var text = switch (path.size() > 1 ? path.get(1) : "") {
            case "" -> metrics.exposition();
            case "resource" -> ResourceMetrics.exposition(summary.document(pods.pods()));
            default -> throw Refusal.notFound("404 page not found");
        };
        return Response.of(200, "text/plain; version=0.0.4; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    private Pod loggedPod(List<String> path) {
        var name = part(path, 2);
        var container = part(path, 3);
        var pod = pods.find(part(path, 1), name)
                .orElseThrow(() -> Refusal.notFound("pod \"" + name + "\" does not exist"));
        boolean isKnown = containerNames(pod).contains(container);
        if (!isKnown) {
            throw Refusal.notFound("container \"%s\" not found in pod \"%s\"".formatted(container, name));
        }
        return pod;
    }

    private Pod pod(List<String> path) {
        return pods.find(part(path, 1), part(path, 2)).orElseThrow(() -> Refusal.notFound("pod does not exist"));
    }

    private static List<String> containerNames(Pod pod) {
        var spec = pod.getSpec();
        var names = new ArrayList<String>();
        spec.getContainers().forEach(one -> names.add(one.getName()));
        spec.getInitContainers().forEach(one -> names.add(one.getName()));
        spec.getEphemeralContainers().forEach(one -> names.add(one.getName()));
        return names;
    }

    private static String part(List<String> path, int index) {
        if (path.size() <= index) {
            throw Refusal.notFound("404 page not found");
        }
        return path.get(index);
    }
}
