package dev.kapal.apiserver.streaming;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.authn.ObjectReader;
import dev.kapal.base.life.Life;
import dev.kapal.http.Headers;
import dev.kapal.http.Response;
import dev.kapal.http.client.ClientConnection;
import dev.kapal.http.spdy.SpdyConnection;
import dev.kapal.http.websocket.WebSocket;
import dev.kapal.model.GroupVersionResource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.util.Optional;

/// Answers `pods/NAME/{exec,attach,portforward,log}` by way of the agent of the pod's node. Any thread.
///
/// SPDY clients are tunnelled as they are. WebSocket clients are translated here, so that agents and runtimes need to
/// know SPDY only.
public final class PodConnections implements AutoCloseable {
    private static final GroupVersionResource PODS = new GroupVersionResource("", "v1", "pods");
    private static final int SWITCHING = 101;
    private static final String SPDY = "SPDY/3.1";
    private static final String STREAM_PROTOCOL = "X-Stream-Protocol-Version";
    private static final String COMMANDS = "v4.channel.k8s.io";

    private final ObjectReader objects;
    private final Kubelets kubelets;
    private final PodLogs logs;
    private final Life life = new Life("streaming");

    public PodConnections(ObjectReader objects, Kubelets kubelets) {
        this.objects = objects;
        this.kubelets = kubelets;
        this.logs = new PodLogs(kubelets);
    }

    public void handle(Call call) throws IOException, InterruptedException {
        var info = call.info();
        var object = objects.get(PODS, info.namespace(), info.name())
                .orElseThrow(() -> ApiException.notFound(PODS.groupResource(), info.name()));
        var pod = new PodTarget(object, info.namespace(), info.name());
        switch (info.subresource()) {
            case "log" -> logs.handle(call, pod);
            case "exec", "attach" -> command(call, pod);
            case "portforward" -> portForward(call, pod);
            default -> throw ApiException.noSuchResource();
        }
    }

    private void command(Call call, PodTarget pod) throws IOException, InterruptedException {
        var options = CommandOptions.of(call.query());
        String container = pod.container(call.query().first("container"));
        String node = pod.requireNode();
        requireUpgrade(call);
        String path = "/" + call.info().subresource() + "/" + pod.namespace() + "/" + pod.name() + "/" + container
                + options.query();
        if (!WebSocket.isAskedFor(call.request())) {
            tunnel(call, node, path);
            return;
        }
        var protocol = ChannelProtocol.choose(call.request())
                .orElseThrow(() -> CommandTranslator.unknownProtocol(
                        call.request().headers().tokens("Sec-WebSocket-Protocol")));
        try (var connection = kubelets.connect(node)) {
            var answer = upgradeToSpdy(connection, path, COMMANDS);
            if (answer.status() == SWITCHING) {
                var client = WebSocket.accept(call.exchange(), protocol.name());
                var agent = SpdyConnection.client(connection.upgraded());
                new CommandTranslator(protocol, options, client, agent, life).run();
            } else if (protocol.hearsRefusals()) {
                try (var client = WebSocket.accept(call.exchange(), protocol.name())) {
                    protocol.refuse(client, "unable to upgrade connection: " + BackendRefusals.text(answer));
                }
            } else {
                echo(call, answer);
            }
        }
    }

    private void portForward(Call call, PodTarget pod) throws IOException, InterruptedException {
        String node = pod.requireNode();
        requireUpgrade(call);
        String path = "/portForward/" + pod.namespace() + "/" + pod.name();
        var inner = tunnelled(call);
        if (inner.isEmpty()) {
            var query = new Queries();
            call.query().values("ports").forEach(port -> query.add("port", port));
            tunnel(call, node, path + query);
            return;
        }
        try (var connection = kubelets.connect(node)) {
            var answer = upgradeToSpdy(connection, path, inner.get());
            if (answer.status() != SWITCHING) {
                echo(call, answer);
                return;
            }
            var client = WebSocket.accept(call.exchange(), WebSocketTunnel.PREFIX + inner.get());
            WebSocketTunnel.run(client, connection.upgraded(), life);
        }
    }

    /// The SPDY protocol that a client speaks inside of its WebSocket.
    private static Optional<String> tunnelled(Call call) {
        if (!WebSocket.isAskedFor(call.request())) {
            return Optional.empty();
        }
        return call.request().headers().tokens("Sec-WebSocket-Protocol").stream()
                .filter(name -> name.startsWith(WebSocketTunnel.PREFIX))
                .map(name -> name.substring(WebSocketTunnel.PREFIX.length()))
                .findFirst();
    }

    private static void requireUpgrade(Call call) {
        var headers = call.request().headers();
        if (!headers.has("Upgrade") || !headers.lists("Connection", "Upgrade")) {
            throw ApiException.badRequest("Upgrade request required");
        }
    }

    private static ClientConnection.Answer upgradeToSpdy(ClientConnection connection, String path, String protocol)
            throws IOException {
        var headers =
                Headers.of("Host", "kubelet", "Connection", "Upgrade", "Upgrade", SPDY, STREAM_PROTOCOL, protocol);
        return connection.send("POST", path, headers, InputStream.nullInputStream(), 0);
    }

    /// An agent's refusal is told as it is: clients say of its text that they were unable to upgrade.
    private static void echo(Call call, ClientConnection.Answer answer) throws IOException {
        if (answer.status() < HttpURLConnection.HTTP_BAD_REQUEST) {
            throw ApiException.internal("invalid upgrade response: status code " + answer.status());
        }
        String type = answer.headers().first("Content-Type").orElse("text/plain; charset=utf-8");
        byte[] text = answer.body().readNBytes(BackendRefusals.LONGEST);
        call.exchange().respond(Response.of(answer.status(), type, text));
    }

    /// Passes the upgrade on as the client asked for it; what the agent answers goes back as it is.
    private void tunnel(Call call, String node, String path) throws IOException, InterruptedException {
        try (var connection = kubelets.connect(node)) {
            var headers = Passing.withoutCredentials(
                            Passing.withUpgrade(call.request().headers()))
                    .toBuilder()
                    .set("Host", "kubelet")
                    .build();
            byte[] body = call.request().body();
            var answer = connection.send(
                    call.request().method(), path, headers, new ByteArrayInputStream(body), body.length);
            if (answer.status() != SWITCHING) {
                echo(call, answer);
                return;
            }
            String protocol = answer.headers().first("Upgrade").orElse(SPDY);
            var client = call.exchange().upgrade(protocol, Passing.endToEnd(answer.headers()));
            Tunnel.run(client, connection.upgraded(), life);
        }
    }

    /// What is still connected is broken off.
    @Override
    public void close() {
        life.close();
    }
}
