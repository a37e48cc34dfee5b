package dev.kapal.apiserver;

import dev.kapal.apiserver.api.ApiException;
import dev.kapal.apiserver.api.RequestInfo;
import dev.kapal.apiserver.audit.AuditLog;
import dev.kapal.apiserver.audit.Auditing;
import dev.kapal.apiserver.authn.ServiceAccountTokens;
import dev.kapal.apiserver.authn.TokenRequests;
import dev.kapal.apiserver.authz.rbac.DefaultPolicy;
import dev.kapal.apiserver.authz.rbac.PolicyKeeper;
import dev.kapal.apiserver.cache.WatchCaches;
import dev.kapal.apiserver.discovery.Discovery;
import dev.kapal.apiserver.edge.Edge;
import dev.kapal.apiserver.edge.Pages;
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
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/// A running API server: put together here by hand, top to bottom, and taken apart in reverse by [#close()].
public final class ApiServer implements AutoCloseable {
    private static final Log log = Log.of(ApiServer.class);

    private final Life life;
    private final Handler handler;
    private final HttpServer server;
    private final Progress progress;

    private ApiServer(Life life, Handler handler, HttpServer server, Progress progress) {
        this.life = life;
        this.handler = handler;
        this.server = server;
        this.progress = progress;
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
        boolean known = config.pki().hasServiceAccountKeys();
        var keys = new FutureTask<>(config.pki()::serviceAccountKeys); // a new RSA key takes its time: beside the rest
        life.start("service-account-keys", keys::run); // and nobody waits for it before the first token
        var auditing = auditing(config, life); // first, so that it is closed last: what ends is logged, too
        var caches = life.own(WatchCaches.start(config.store(), config.time(), config.metrics()));
        var policy = DefaultPolicy.load();
        var access = AccessControl.of(config.access(), caches, policy);
        var resources = life.own(Resources.start(
                new ResourcesConfig(
                        config.registry(),
                        config.store(),
                        config.time(),
                        config.random(),
                        config.metrics(),
                        config.serviceCidr(),
                        config.nodePorts(),
                        config.admission()),
                caches,
                access.security()));
        if (known) {
            result(keys); // a broken file stops the start
        }
        var progress = new Progress();
        ProcessMetrics.register(config.metrics());
        var tokens = new ServiceAccountTokens(
                () -> result(keys), config.access().authentication().accounts(), config.time(), config.random());
        var handler = Edge.of(
                access.admit(config, resources, tokens),
                access.authorizer(),
                router(config, life, resources, tokens, progress),
                auditing,
                config.registry(),
                config.metrics(),
                config.time(),
                config.random());
        var server = life.own(listen(config, handler));
        BootstrapObjects.ensure(
                handler, ServerNames.serviceAddress(config.serviceCidr()), config.advertiseAddress(), server.port());
        new PolicyKeeper(resources, policy).keep(); // after the namespaces that some of it lies in
        progress.ready = true;
        log.info(
                "api server ready",
                "port",
                server.port(),
                "advertised",
                config.advertiseAddress(),
                "took_ms",
                (config.time().nanos() - begun) / 1_000_000);
        return new ApiServer(life, handler, server, progress);
    }

    private static Optional<Auditing> auditing(ApiServerConfig config, Life life) throws IOException {
        var audit = config.protection().audit();
        if (audit.isEmpty()) {
            return Optional.empty();
        }
        var sink = life.own(AuditLog.open(audit.get().log(), config.metrics(), config.time()));
        return Optional.of(new Auditing(audit.get().policy(), sink, config.metrics(), config.time()));
    }

    /// How far the server's life has come, for the health pages.
    private static final class Progress {
        private volatile boolean ready;
        private volatile boolean closing;
    }

    private static <T> T result(FutureTask<T> task) {
        try {
            return task.get();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the server is stopping", stopping);
        } catch (ExecutionException failure) {
            switch (failure.getCause()) {
                case IOException io -> throw new UncheckedIOException(io);
                case RuntimeException defect -> throw defect;
                default -> throw new IllegalStateException(failure.getCause());
            }
        }
    }

    private static HttpServer listen(ApiServerConfig config, Handler handler) throws IOException {
        var identity = config.pki().apiServer(ServerNames.of(config));
        var context = TlsContexts.lenientServer(identity, config.pki().roots());
        return HttpServer.start(
                HttpServer.Config.tls("apiserver-http", config.bind(), () -> context)
                        .streaming(ApiServer::streamsBody),
                handler);
    }

    private static Router router(
            ApiServerConfig config, Life life, Resources resources, ServiceAccountTokens tokens, Progress progress) {
        var registry = config.registry();
        var kubelets = new Kubelets(resources::get, kubeletTls(config));
        var pages = new Pages(
                health(config, progress),
                new Discovery(
                        registry,
                        config.advertiseAddress() + ":" + config.bind().getPort()),
                new OpenApiPages(new OpenApi(registry, ServerVersion.GIT_VERSION), registry),
                tokens,
                config.metrics(),
                registry);
        return new Router(
                registry,
                resources,
                life.own(new PodConnections(resources::get, kubelets)),
                life.own(new Proxies(resources::get, kubelets, new Once<>(TlsContexts::anyServer), config.random())),
                new TokenRequests(tokens, resources::get, resources::admitCreate, config.time()),
                pages);
    }

    /// Made at the first call of an agent.
    private static Supplier<SSLContext> kubeletTls(ApiServerConfig config) {
        return new Once<>(() -> {
            try {
                return TlsContexts.client(
                        config.pki().kubeletClient(), config.pki().roots());
            } catch (IOException unwritable) {
                throw new UncheckedIOException(unwritable);
            }
        });
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

    private static HealthPages health(ApiServerConfig config, Progress progress) {
        return new HealthPages(List.of(
                Check.alive("ping", Optional::empty),
                Check.alive("log", Optional::empty),
                Check.alive("etcd", () -> storeObjection(config)),
                Check.alive(
                        "poststarthook/start-system-namespaces-controller",
                        () -> progress.ready ? Optional.empty() : Optional.of("not finished")),
                Check.alive(
                        "poststarthook/rbac/bootstrap-roles",
                        () -> progress.ready ? Optional.empty() : Optional.of("not finished")),
                Check.ready(
                        "shutdown",
                        () -> progress.closing ? Optional.of("process is shutting down") : Optional.empty())));
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
        progress.closing = true;
        life.close();
    }
}
