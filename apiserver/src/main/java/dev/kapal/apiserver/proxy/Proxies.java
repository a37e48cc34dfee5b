package dev.kapal.apiserver.proxy;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.Call;
import dev.kapal.apiserver.authn.ObjectReader;
import dev.kapal.apiserver.streaming.Kubelets;
import dev.kapal.base.life.Life;
import dev.kapal.http.Headers;
import dev.kapal.http.Response;
import dev.kapal.http.client.ClientConnection;
import dev.kapal.http.client.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;

/// Answers `pods/NAME/proxy/…`, `services/NAME/proxy/…` and `nodes/NAME/proxy/…`. Any thread.
public final class Proxies implements AutoCloseable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(30);

    private final Backends backends;
    private final Kubelets kubelets;
    private final Life life = new Life("proxy");

    public Proxies(ObjectReader objects, Kubelets kubelets, Supplier<SSLContext> anyServer, RandomGenerator random) {
        this.backends = new Backends(objects, anyServer, random);
        this.kubelets = kubelets;
    }

    public void handle(Call call) throws IOException, InterruptedException {
        var info = call.info();
        var path = ProxyPath.of(call.request());
        switch (info.resource()) {
            case "pods" -> open(call, path, backends.pod(info));
            case "services" -> open(call, path, backends.service(info));
            case "nodes" -> node(call, path);
            default -> throw ApiException.noSuchResource();
        }
    }

    private void open(Call call, ProxyPath path, Target target) throws IOException {
        if (redirected(call, path)) {
            return;
        }
        ClientConnection connection;
        try {
            connection = ClientConnection.open(target, CONNECT_LIMIT);
        } catch (IOException unreachable) {
            throw unreachable(target, unreachable);
        }
        try (connection) {
            new Passage(call, path, target, life).run(connection);
        }
    }

    private void node(Call call, ProxyPath path) throws IOException, InterruptedException {
        if (redirected(call, path)) {
            return;
        }
        String name = ProxyName.parse(call.info().name(), "node").name();
        try (var connection = kubelets.connect(name)) {
            new Passage(call, path, kubelets.target(name), life).run(connection);
        }
    }

    /// Relative links only work below a path that ends with a slash.
    private static boolean redirected(Call call, ProxyPath path) throws IOException {
        String method = call.request().method();
        if (!path.rest().isEmpty() || !method.equals("GET") && !method.equals("HEAD")) {
            return false;
        }
        String query = call.request().rawQuery();
        String location = call.request().rawPath() + "/" + (query.isEmpty() ? "" : "?" + query);
        call.exchange().respond(new Response(301, Headers.of("Location", location), List.of()));
        return true;
    }

    private static ApiException unreachable(Target target, IOException why) {
        return ApiException.serviceUnavailable(
                "error trying to reach service: dial tcp " + target.authority() + ": " + why.getMessage());
    }

    /// What is still connected is broken off.
    @Override
    public void close() {
        life.close();
    }
}
