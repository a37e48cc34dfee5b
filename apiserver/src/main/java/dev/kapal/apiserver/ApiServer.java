package dev.kapal.apiserver;

import dev.kapal.apiserver.aggregation.Aggregator;
import dev.kapal.apiserver.audit.AuditSinks;
import dev.kapal.apiserver.audit.Auditing;
import dev.kapal.apiserver.authn.ServiceAccountTokens;
import dev.kapal.apiserver.authn.TokenRequests;
import dev.kapal.apiserver.authz.rbac.DefaultPolicy;
import dev.kapal.apiserver.authz.rbac.PolicyKeeper;
import dev.kapal.apiserver.cache.WatchCaches;
import dev.kapal.apiserver.discovery.Discovery;
import dev.kapal.apiserver.edge.Deadlines;
import dev.kapal.apiserver.edge.Edge;
import dev.kapal.apiserver.edge.Filter;
import dev.kapal.apiserver.edge.MaxInFlight;
import dev.kapal.apiserver.edge.Pages;
import dev.kapal.apiserver.edge.Router;
import dev.kapal.apiserver.edge.ShuttingDown;
import dev.kapal.apiserver.flow.FlowKeeper;
import dev.kapal.apiserver.flow.PriorityAndFairness;
import dev.kapal.apiserver.health.Check;
import dev.kapal.apiserver.health.ComponentStatuses;
import dev.kapal.apiserver.health.Components;
import dev.kapal.apiserver.health.HealthPages;
import dev.kapal.apiserver.identity.IdentityLease;
import dev.kapal.apiserver.openapi.OpenApiPages;
import dev.kapal.apiserver.proxy.Proxies;
import dev.kapal.apiserver.registry.Resources;
import dev.kapal.apiserver.registry.ResourcesConfig;
import dev.kapal.apiserver.streaming.Kubelets;
import dev.kapal.apiserver.streaming.PodConnections;
import dev.kapal.apiserver.version.ServerVersion;
import dev.kapal.base.life.Life;
import dev.kapal.base.log.Log;
import dev.kapal.http.Handler;
import dev.kapal.http.HttpServer;
import dev.kapal.model.GroupVersionResource;
import dev.kapal.model.openapi.OpenApi;
import dev.kapal.pki.TlsContexts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/// A running API server: put together here by hand, top to bottom, and taken apart in reverse by [#close()].
public final class ApiServer implements AutoCloseable {
    /// How long requests under way may take when the server stops.
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(10);
    /// How long the last bytes of watches may take to leave; exec and the like have no end to wait for.
    private static final Duration LAST_STREAMS = Duration.ofMillis(500);

    /// What nobody waits for leaves the processors for so long to those who have waited for the server to start.
    public static final Duration FIRST_REQUESTS = Duration.ofMillis(200);
    /// A new RSA key takes a processor for about as long.
    private static final Duration FIRST_SECOND = Duration.ofSeconds(1);

    private static final Log log = Log.of(ApiServer.class);
    private static final GroupVersionResource COMPONENTS = new GroupVersionResource("", "v1", "componentstatuses");

    private final Life life;
    private final Handler handler;
    private final HttpServer server;
    private final Progress progress;
    private final Components components;
    private final Resources resources;
    private final ApiServerConfig config;

    private ApiServer(
            ApiServerConfig config,
            Life life,
            Handler handler,
            HttpServer server,
            Resources resources,
            Progress progress,
            Components components) {
        this.config = config;
        this.life = life;
        this.handler = handler;
        this.server = server;
        this.resources = resources;
        this.progress = progress;
        this.components = components;
    }

    /// Where the other components of this process report that they have started.
    public Components components() {
        return components;
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
        // A new RSA key takes as long as half of the start: it is made afterwards, or by whoever needs it first.
        var keys = new FutureTask<>(config.pki()::serviceAccountKeys);
        var tls = new FutureTask<>(() -> tls(config));
        life.start("tls", tls::run); // beside the rest: it makes a key and writes files
        var auditing = auditing(config, life); // first, so that it is closed last: what ends is logged, too
        var caches = life.own(WatchCaches.start(config.store(), config.time(), config.metrics()));
        var policy = DefaultPolicy.load();
        var access = AccessControl.of(config, caches, policy, life);
        var resources = life.own(Resources.start(
                new ResourcesConfig(
                        config.registry(),
                        config.store(),
                        config.time(),
                        config.random(),
                        config.metrics(),
                        config.serviceCidr(),
                        config.serving(),
                        config.admission()),
                caches,
                access.security()));
        if (known) {
            result(keys); // a broken file stops the start
        }
        var roles = life.own(PolicyKeeper.begin(resources, policy)); // beside the rest: they are many
        var progress = new Progress();
        ProcessMetrics.register(config.metrics());
        ServerVersion.register(config.metrics());
        var tokens = new ServiceAccountTokens(
                () -> result(keys), config.access().authentication().accounts(), config.time(), config.random());
        var fairness = fairness(config, caches);
        var components = new Components(resources::get, () -> storeObjection(config), config.time());
        var aggregator = life.own(new Aggregator(caches, config.pki(), config.random()));
        var handler = Edge.of(
                access.admit(config, resources, tokens, life),
                access.authorizer(),
                router(config, life, resources, tokens, progress, components, aggregator),
                auditing,
                progress.ending,
                config.protection().goawayChance(),
                config.protection().browsers(),
                new Deadlines(config.protection().requestTimeout(), config.time(), life),
                fairness.isPresent() ? fairness.get() : inFlight(config),
                config.registry(),
                config.metrics(),
                config.time(),
                config.random());
        DefaultServiceRange.ensure(resources, config.serviceCidr());
        var server = life.own(listen(config, result(tls), handler));
        progress.flow = fairness.map(filter -> filter.keep(resources::ensure, handler, FIRST_REQUESTS, life));
        BootstrapObjects.ensure(
                resources::ensure,
                ServiceRange.of(config.serviceCidr()).first(),
                config.advertiseAddress(),
                server.port());
        roles.finish(); // after the namespaces that some of them lie in
        progress.ready = true;
        life.start("service-account-keys", () -> {
            config.time().sleep(FIRST_SECOND);
            keys.run();
        });
        life.start("first-requests", () -> {
            config.time().sleep(FIRST_REQUESTS);
            aggregator.keep(handler, config.registry(), caches, config.pki(), life, config.metrics(), config.time());
            IdentityLease.keep(handler, config.random(), config.time(), life);
        });
        log.info(
                "api server ready",
                "port",
                server.port(),
                "advertised",
                config.advertiseAddress(),
                "took_ms",
                (config.time().nanos() - begun) / 1_000_000);
        return new ApiServer(config, life, handler, server, resources, progress, components);
    }

    private static Optional<Auditing> auditing(ApiServerConfig config, Life life) throws IOException {
        var audit = config.protection().audit();
        if (audit.isEmpty()) {
            return Optional.empty();
        }
        var sink = AuditSinks.open(audit.get().log(), audit.get().webhook(), config.metrics(), config.time(), life);
        return Optional.of(new Auditing(audit.get().policy(), sink, config.metrics(), config.time()));
    }

    private static Optional<PriorityAndFairness> fairness(ApiServerConfig config, WatchCaches caches) {
        var protection = config.protection();
        if (!protection.priorityAndFairness()) {
            return Optional.empty();
        }
        return Optional.of(new PriorityAndFairness(
                caches,
                config.registry(),
                protection.maxInFlight() + protection.maxMutatingInFlight(),
                protection.requestTimeout(),
                config.metrics(),
                config.time()));
    }

    private static Filter inFlight(ApiServerConfig config) {
        return new MaxInFlight(
                config.protection().maxInFlight(), config.protection().maxMutatingInFlight(), config.metrics());
    }

    /// How far the server's life has come, for the health pages.
    private static final class Progress {
        private volatile boolean ready;
        private volatile Optional<FlowKeeper> flow = Optional.empty();
        private volatile boolean closing;
        private final ShuttingDown ending = new ShuttingDown();
    }

    /// Runs the task unless somebody has begun to, and waits for its end.
    private static <T> T result(FutureTask<T> task) {
        task.run();
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

    private static SSLContext tls(ApiServerConfig config) throws IOException {
        var identity = config.pki().apiServer(ServerNames.of(config));
        return TlsContexts.lenientServer(identity, config.pki().roots());
    }

    private static HttpServer listen(ApiServerConfig config, SSLContext tls, Handler handler) throws IOException {
        var failures = config.metrics()
                .counter(
                        "apiserver_tls_handshake_errors_total",
                        "Number of requests dropped with 'TLS handshake error from' error")
                .series();
        return HttpServer.start(
                HttpServer.Config.tls("apiserver-http", config.bind(), () -> tls)
                        .within(limits(config.protection().requestTimeout()))
                        .onFailedHandshake(() -> failures.add(1)),
                handler);
    }

    /// A request may take no longer to arrive than to be answered.
    private static HttpServer.Limits limits(Duration requestTimeout) {
        var usual = HttpServer.Limits.USUAL;
        var request = requestTimeout.compareTo(usual.request()) < 0 ? requestTimeout : usual.request();
        return new HttpServer.Limits(usual.handshake(), request, usual.idle(), usual.stalled());
    }

    private static Router router(
            ApiServerConfig config,
            Life life,
            Resources resources,
            ServiceAccountTokens tokens,
            Progress progress,
            Components components,
            Aggregator aggregator) {
        var registry = config.registry();
        var kubelets = new Kubelets(resources::get, kubeletTls(config));
        var pages = new Pages(
                health(config, progress),
                new Discovery(
                        registry,
                        config.advertiseAddress() + ":" + config.bind().getPort(),
                        aggregator::versions),
                new OpenApiPages(
                        new OpenApi(registry, ServerVersion.GIT_VERSION, aggregator::openApiV2),
                        registry,
                        aggregator::openApiIndex),
                tokens,
                config.metrics(),
                registry);
        return new Router(
                registry,
                resources,
                life.own(new PodConnections(resources::get, kubelets)),
                life.own(new Proxies(resources::get, kubelets, new Once<>(TlsContexts::anyServer), config.random())),
                new TokenRequests(tokens, resources::get, resources::admitCreate, config.time()),
                new ComponentStatuses(components, registry.find(COMPONENTS).orElseThrow(), config.time()),
                aggregator,
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

    private static HealthPages health(ApiServerConfig config, Progress progress) {
        var time = config.time();
        long trusted = time.nanos() + config.protection().livezGrace().toNanos();
        var checks = List.of(
                Check.alive("ping", Optional::empty),
                Check.alive("log", Optional::empty),
                Check.alive("etcd", () -> storeObjection(config)),
                started("start-system-namespaces-controller", progress),
                started("rbac/bootstrap-roles", progress),
                started("scheduling/bootstrap-system-priority-classes", progress),
                Check.started(
                        "poststarthook/priority-and-fairness-config-producer",
                        () -> !progress.ready
                                        || progress.flow.isPresent()
                                                && !progress.flow.get().hasKept()
                                ? Optional.of("not finished")
                                : Optional.empty()),
                Check.ready("etcd-readiness", () -> storeObjection(config)),
                Check.ready(
                        "informer-sync",
                        () -> progress.ready ? Optional.empty() : Optional.of("caches are not filled")),
                Check.ready(
                        "shutdown",
                        () -> progress.closing ? Optional.of("process is shutting down") : Optional.empty()));
        return new HealthPages(checks, () -> time.nanos() < trusted);
    }

    private static Check started(String hook, Progress progress) {
        return Check.started(
                "poststarthook/" + hook, () -> progress.ready ? Optional.empty() : Optional.of("not finished"));
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

    /// Goes out of service without breaking off what clients wait for; the store stays. In upstream's order:
    /// `/readyz` fails, so that load balancers turn away; after the configured delay nobody new is let in (or, as
    /// configured, everybody new is sent away); watches end as after their last second, so that clients take
    /// them up elsewhere; what is under way is answered, within [#LAST_ANSWERS]; the audit log is written to its
    /// end.
    @Override
    public void close() {
        if (progress.closing) {
            return;
        }
        progress.closing = true;
        var ending = config.protection().ending();
        try {
            config.time().sleep(ending.delay());
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        if (ending.retryAfter()) {
            progress.ending.begin();
            end(ending.watches());
        }
        progress.ending.close();
        server.stopAccepting();
        end(ending.watches());
        life.close();
    }

    /// Waits for what is under way.
    private void end(Duration watches) {
        try {
            resources.endWatches(watches);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            resources.endWatches();
        }
        server.drain(LAST_ANSWERS, LAST_STREAMS);
    }
}
