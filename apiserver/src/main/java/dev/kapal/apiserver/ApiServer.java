package dev.kapal.apiserver;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.authn.ClientCertificates;
import dev.kapal.apiserver.authn.Credentials;
import dev.kapal.apiserver.authn.ServiceAccountTokens;
import dev.kapal.apiserver.authn.TokenRequests;
import dev.kapal.apiserver.authz.BuiltInPolicy;
import dev.kapal.apiserver.discovery.Discovery;
import dev.kapal.apiserver.edge.Edge;
import dev.kapal.apiserver.edge.Router;
import dev.kapal.apiserver.edge.ServerVersion;
import dev.kapal.apiserver.health.Check;
import dev.kapal.apiserver.health.HealthPages;
import dev.kapal.apiserver.openapi.OpenApiPages;
import dev.kapal.apiserver.proxy.Proxies;
import dev.kapal.apiserver.registry.Resources;
import dev.kapal.apiserver.registry.ResourcesConfig;
import dev.kapal.apiserver.streaming.Kubelets;
import dev.kapal.apiserver.streaming.PodConnections;
import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.http.Handler;
import dev.kapal.http.HttpServer;
import dev.kapal.http.Request;
import dev.kapal.model.openapi.OpenApi;
import dev.kapal.pki.TlsContexts;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/// A running API server: put together here by hand, top to bottom, and taken apart in reverse by [#close()].
public final class ApiServer implements AutoCloseable {
    private static final Log log = Log.of(ApiServer.class);

    private final Life life;
    private final Handler handler;
    private final HttpServer server;
    private final AtomicBoolean closing;

    private ApiServer(Life life, Handler handler, HttpServer server, AtomicBoolean closing) {
        this.life = life;
        this.handler = handler;
        this.server = server;
        this.closing = closing;
    }

    /// Returns when the server is ready: it listens, and what every cluster has exists.
    ///
    /// @throws java.net.BindException when the port is taken; its message is for the user
    public static ApiServer start(ApiServerConfig config) throws IOException, InterruptedException {
        var life = new Life("apiserver");
        try {
            return start(config, life);
        } catch (IOException | InterruptedException | RuntimeException failure) {
            life.close();
            throw failure;
        }
    }

    private static ApiServer start(ApiServerConfig config, Life life) throws IOException, InterruptedException {
        long begun = config.time().nanos();
        var resources = life.own(Resources.start(new ResourcesConfig(
                config.registry(),
                config.store(),
                config.time(),
                config.random(),
                config.metrics(),
                config.serviceCidr(),
                config.nodePorts())));
        var ready = new AtomicBoolean();
        var closing = new AtomicBoolean();
        var handler = edge(config, life, resources, ready, closing);
        var identity = config.pki().apiServer(ServerNames.of(config));
        var context = TlsContexts.lenientServer(() -> identity, config.pki().roots());
        var server = life.own(HttpServer.start(
                HttpServer.Config.tls("apiserver-http", config.bind(), () -> context)
                        .streaming(ApiServer::streamsBody),
                handler));
        BootstrapObjects.ensure(
                handler, ServerNames.serviceAddress(config.serviceCidr()), config.advertiseAddress(), server.port());
        ready.set(true);
        log.info(
                "api server ready",
                "port",
                server.port(),
                "advertised",
                config.advertiseAddress(),
                "took_ms",
                (config.time().nanos() - begun) / 1_000_000);
        return new ApiServer(life, handler, server, closing);
    }

    private static Handler edge(
            ApiServerConfig config, Life life, Resources resources, AtomicBoolean ready, AtomicBoolean closing)
            throws IOException {
        var registry = config.registry();
        var kubelets = new Kubelets(resources::get, kubeletTls(config));
        var tokens = new ServiceAccountTokens(
                config.pki().serviceAccountKeys(), resources::get, config.time(), config.random());
        var credentials = new Credentials(new ClientCertificates(config.pki().roots(), config.time()), tokens);
        var router = new Router(
                registry,
                resources,
                life.own(new PodConnections(resources::get, kubelets)),
                life.own(new Proxies(resources::get, kubelets, TlsContexts::anyServer, config.random())),
                new TokenRequests(tokens, resources::get, config.time()),
                tokens,
                new Discovery(
                        registry,
                        config.advertiseAddress() + ":" + config.bind().getPort()),
                new OpenApiPages(new OpenApi(registry, ServerVersion.GIT_VERSION), registry),
                health(config, ready, closing),
                config.metrics());
        return Edge.of(credentials, new BuiltInPolicy(), router, config.metrics(), config.time(), config.random());
    }

    /// Made at the first call of an agent.
    private static Supplier<SSLContext> kubeletTls(ApiServerConfig config) throws IOException {
        var identity = config.pki().kubeletClient();
        var roots = config.pki().roots();
        var made = new AtomicReference<SSLContext>();
        return () ->
                made.updateAndGet(known -> known != null ? known : TlsContexts.client(Optional.of(identity), roots));
    }

    /// What is only passed on may be of any size.
    private static boolean streamsBody(Request request) {
        if (!request.path().contains("/proxy")) {
            return false; // the usual case, without reading the path twice
        }
        try {
            return RequestInfo.of(request).subresource().equals("proxy");
        } catch (ApiException senseless) {
            return false;
        }
    }

    private static HealthPages health(ApiServerConfig config, AtomicBoolean ready, AtomicBoolean closing) {
        return new HealthPages(List.of(
                Check.alive("ping", Optional::empty),
                Check.alive("log", Optional::empty),
                Check.alive("etcd", () -> storeObjection(config)),
                Check.alive(
                        "poststarthook/start-system-namespaces-controller",
                        () -> ready.get() ? Optional.empty() : Optional.of("not finished")),
                Check.ready(
                        "shutdown", () -> closing.get() ? Optional.of("process is shutting down") : Optional.empty())));
    }

    private static Optional<String> storeObjection(ApiServerConfig config) {
        try {
            config.store().revision();
            return Optional.empty();
        } catch (RuntimeException broken) {
            return Optional.of(String.valueOf(broken.getMessage()));
        }
    }

    public int port() {
        return server.port();
    }

    /// The server without its socket, for components in this process.
    public Handler handler() {
        return handler;
    }

    /// Stops listening, ends watches, and waits for what is under way. Not the store.
    @Override
    public void close() {
        closing.set(true);
        life.close();
    }
}
